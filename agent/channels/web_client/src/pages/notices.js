/** What happened while the person looked elsewhere: in the title, in the icon, and as a notification where allowed. */

export function notices() {
  const link = document.querySelector("link[rel=icon]");
  const still = link.href;
  const title = () => document.title.replace(/^● .* — /, "");
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    document.title = title();
    link.href = still;
  });
  return (text) => {
    if (document.visibilityState === "visible") return;
    document.title = `● ${text} — ${title()}`;
    link.href = "/assets/favicon-news.svg";
    if (typeof Notification === "undefined" || Notification.permission !== "granted") return;
    const told = new Notification("Brickie", { body: text, icon: still, tag: text });
    told.onclick = () => (window.focus(), told.close());
  };
}
