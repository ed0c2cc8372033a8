/** A table as a CSV file that a spreadsheet opens as text and numbers, and never as a formula. */

/** What a spreadsheet takes for the beginning of a formula (owasp.org/www-community/attacks/CSV_Injection, 2026-11-30). */
const FORMULA = /^[=+\-@\t\r]/;

/** @param {unknown[][]} rows */
export function csv(rows) {
  return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

function cell(value) {
  if (typeof value === "number") return String(value);
  const text = String(value ?? "");
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
