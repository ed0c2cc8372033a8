// Required before a program that listens on all interfaces: it listens on this machine's own alone.
const net = require('node:net');
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...given) {
  const first = given[0];
  if (typeof first === 'object' && first !== null && first.port !== undefined) {
    return listen.call(this, { ...first, host: '127.0.0.1' }, ...given.slice(1));
  }
  if (typeof first === 'number' || typeof first === 'string') {
    const rest = given.slice(1).filter(one => typeof one !== 'string');
    return listen.call(this, Number(first), '127.0.0.1', ...rest);
  }
  return listen.apply(this, given);
};
