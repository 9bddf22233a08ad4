// The limits that have bitten since the start, with the options that change them.
import { format, head, table } from "../page.js";

export const title = "Limits that bit";

export function mount(section) {
  const { facts } = head(section, title);
  const limits = table(title, [
    { title: "Option", head: true, class: "grow mono", value: limit => limit.option },
    { title: "Times", class: "num", value: limit => format.number(limit.count), look: () => "bad" },
  ], limit => limit.option);
  section.append(limits.element);

  return figures => {
    limits.update(figures);
    facts.textContent = figures.length ? "" : "none";
  };
}
