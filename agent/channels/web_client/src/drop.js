/** A list of workspaces may be dropped as a file: its text is put into the field, to be looked at and sent. */

const MOST_BYTES = 60_000;
const TEXT = /\.(csv|tsv|txt)$/i;

/** @param {HTMLElement} over @param {(text: string) => void} take @param {(name: string) => void} refuse */
export function dropping(over, take, refuse) {
  const carries = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  over.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    over.classList.add("dropping");
  });
  over.addEventListener("dragleave", (event) => over.contains(event.relatedTarget) || over.classList.remove("dropping"));
  over.addEventListener("drop", async (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    over.classList.remove("dropping");
    const [file] = event.dataTransfer.files;
    if (!file || file.size > MOST_BYTES || !(TEXT.test(file.name) || /^text\/(csv|plain)/.test(file.type)))
      return refuse(file?.name ?? "");
    take((await file.text()).replace(/^\ufeff/, "").trim());
  });
}
