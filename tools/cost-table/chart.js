/** Charts of the cost table, each an SVG file of its own: a message's CPU by proxy, with intervals. */
import { proxies } from "./proxies.js";
import { bytesWords, rowName, shapesOf, whole } from "./words.js";

const size = { width: 760, left: 150, right: 80, row: 18, head: 30, gap: 14, foot: 24 };

/** One for each scheme at saturation, with a panel for each size and number of connections. */
export function chartsOf({ messages }) {
  return ["ws", "wss"].flatMap((scheme) => {
    const rows = messages.filter(
      ({ tls, ratePerS, figures }) =>
        tls === (scheme === "wss") && ratePerS === null && figures.cpuUsPerMessage !== null,
    );
    if (rows.length === 0) return [];
    const title = `CPU µs a message over ${scheme}, at saturation`;
    return [{ name: `cost-of-a-message-${scheme}.svg`, title, svg: drawChart(rows, title) }];
  });
}

function drawChart(rows, title) {
  const shapes = shapesOf(rows);
  const panels = [];
  let top = size.head;
  for (const shape of shapes) {
    const own = inOrder(
      rows.filter(({ bytes, connections }) => bytes === shape.bytes && connections === shape.connections),
    );
    panels.push(drawPanel(own, top, `${bytesWords(shape.bytes)}, ${whole(shape.connections)} connections`));
    top += size.head + own.length * size.row + size.gap;
  }
  const height = top + size.foot;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${height}" width="${size.width}" height="${height}" font-family="sans-serif" font-size="12" role="img">
<title>${title}</title>
<rect width="100%" height="100%" fill="#fff"/>
<text x="12" y="20" font-size="15" fill="#222">${title}</text>
${panels.join("\n")}
<text x="12" y="${height - 8}" fill="#666">dot: median; bar: 95 % interval, dashed: least and greatest of fewer than six trials; every panel from 0</text>
</svg>
`;
}

function inOrder(rows) {
  const kinds = Object.keys(proxies);
  return [...rows].sort(
    (a, b) =>
      kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || Object.keys(a.set).length - Object.keys(b.set).length,
  );
}

function drawPanel(rows, top, title) {
  const most = Math.max(...rows.map(({ figures }) => figures.cpuUsPerMessage.most));
  const at = (value) => (size.left + (value / most) * (size.width - size.left - size.right)).toFixed(1);
  const lines = rows.map((row, index) => {
    const { median, low, high, least, most: greatest } = row.figures.cpuUsPerMessage;
    const y = top + size.head + index * size.row;
    const [from, to, dash] = low === null ? [least, greatest, ' stroke-dasharray="3 2"'] : [low, high, ""];
    const colour = Object.keys(row.set).length > 0 ? "#c2591c" : "#1f5fa8";
    return [
      `<text x="${size.left - 8}" y="${y + 4}" text-anchor="end" fill="#222">${rowName(row)}</text>`,
      `<line x1="${at(from)}" x2="${at(to)}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="3"${dash}/>`,
      `<circle cx="${at(median)}" cy="${y}" r="4" fill="${colour}"/>`,
      `<text x="${size.width - size.right + 12}" y="${y + 4}" fill="#222">${median.toFixed(1)}</text>`,
    ].join("");
  });
  return [`<text x="12" y="${top + 12}" fill="#444" font-weight="bold">${title}</text>`, ...lines].join("\n");
}
