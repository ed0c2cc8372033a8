/** A zip archive of small texts, stored without compression: what "download all" saves. */

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** @param {{name: string, content: string}[]} files @returns {Uint8Array} */
export function zip(files) {
  const [parts, directory] = [[], []];
  let offset = 0;
  for (const file of files) {
    const [name, bytes] = [encoded(file.name), encoded(file.content)];
    // version 2.0, names in UTF-8, stored, dated 1980-01-01
    const shared = fields([
      [2, 20],
      [2, 0x0800],
      [2, 0],
      [2, 0],
      [2, 0x21],
      [4, crc32(bytes)],
      [4, bytes.length],
      [4, bytes.length],
      [2, name.length],
    ]);
    const local = [fields([[4, 0x04034b50]]), shared, fields([[2, 0]]), name, bytes];
    directory.push(
      fields([
        [4, 0x02014b50],
        [2, 20],
      ]),
      shared,
      fields([
        [2, 0],
        [2, 0],
        [2, 0],
        [2, 0],
        [4, 0],
        [4, offset],
      ]),
      name,
    );
    parts.push(...local);
    offset += length(local);
  }
  const end = fields([
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, files.length],
    [2, files.length],
    [4, length(directory)],
    [4, offset],
    [2, 0],
  ]);
  return joined([...parts, ...directory, end]);
}

function encoded(text) {
  return new TextEncoder().encode(text);
}

function fields(pairs) {
  const bytes = new Uint8Array(pairs.reduce((sum, [size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [size, value] of pairs) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return bytes;
}

function length(parts) {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function joined(parts) {
  const whole = new Uint8Array(length(parts));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
