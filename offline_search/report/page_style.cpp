#include "offline_search/report/page_style.h"

namespace gruve {

const char* const page_style = R"(
:root { --ink:#1b1f24; --soft:#5b6570; --rule:#d9dee3; --paper:#fff; --panel:#f6f8fa; --accent:#0b6bcb;
  --warm:#c8501e; --green:#1a7f4b; --violet:#7a49b8; }
@media (prefers-color-scheme: dark) { :root { --ink:#e6e9ec; --soft:#9aa5b1; --rule:#353c44; --paper:#14171a;
  --panel:#1d2126; --accent:#5aa9f5; --warm:#f08a5d; --green:#4fc389; --violet:#b491e6; } }
body { font:16px/1.5 system-ui,sans-serif; color:var(--ink); background:var(--paper); max-width:70rem;
  margin:2rem auto; padding:0 1.25rem; }
h1 { font-size:1.7rem; margin:0 0 .25rem; } h2 { font-size:1.3rem; margin:2.5rem 0 .5rem; }
h3 { font-size:1.05rem; margin:2rem 0 .25rem; }
p { max-width:46rem; } .soft { color:var(--soft); font-size:.9rem; }
.verdict { background:var(--panel); border-left:4px solid var(--green); padding:.8rem 1.1rem; border-radius:4px; }
figure { margin:.5rem 0; } svg.plot { width:100%; height:auto; display:block; }
.grid { stroke:var(--rule); stroke-width:1; } .tick, .axis, .note { fill:var(--soft); font-size:12px; }
.axis { font-size:13px; }
polyline { fill:none; stroke-width:2; } .line-0 { stroke:var(--accent); } .line-1 { stroke:var(--violet); }
.line-2 { stroke:var(--green); } .line-3 { stroke:var(--warm); }
.line-dash { stroke:var(--soft); stroke-dasharray:5 4; stroke-width:1.5; }
.line-warm { stroke:var(--warm); stroke-width:1.5; stroke-dasharray:2 3; }
.line-size { stroke:var(--ink); stroke-width:1.5; } .dot-size { fill:var(--ink); }
.dot-0 { fill:var(--accent); } .dot-1 { fill:var(--violet); } .dot-2 { fill:var(--green); }
.dot-3 { fill:var(--warm); } .dot-warm { fill:var(--warm); }
.dot-test { fill:none; stroke:var(--accent); stroke-width:1.5; }
.dot-best { fill:var(--green); stroke:var(--paper); stroke-width:1.5; }
.scroll { overflow-x:auto; } table { border-collapse:collapse; font-size:.88rem; font-variant-numeric:tabular-nums; }
th, td { padding:.28rem .6rem; text-align:right; border-bottom:1px solid var(--rule); white-space:nowrap; }
th:first-child, td:first-child { text-align:left; } thead th { color:var(--soft); font-weight:600; }
table.sortable thead th { cursor:pointer; } tr.best td { font-weight:600; color:var(--green); }
tr.same td { color:var(--soft); }
table.heat td, table.heat th { padding:.1rem .3rem; border:1px solid var(--paper); text-align:center;
  min-width:1.7rem; }
table.heat th:first-child { text-align:left; font-weight:400; } table.heat td { color:#1b1f24; }
table.heat thead th { font-size:.75rem; } .tall th { height:4.6rem; vertical-align:bottom; }
.tall th span { writing-mode:vertical-rl; transform:rotate(180deg); }
code, pre { font:.85rem/1.45 ui-monospace,monospace; }
pre { background:var(--panel); padding:.7rem 1rem; white-space:pre-wrap; overflow-wrap:anywhere; border-radius:4px; }
)";

const char* const sort_script = R"(
function sortByColumn(table, heading, column) {
  const down = heading.dataset.down = heading.dataset.down === '1' ? '' : '1';
  const key = row => {
    const cell = row.cells[column], value = cell.dataset.v;
    return value === undefined ? cell.textContent : parseFloat(value);
  };
  const order = (a, b) => { const x = key(a), y = key(b); return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1); };
  const body = table.tBodies[0];
  [...body.rows].sort(order).forEach(row => body.append(row));
}
document.querySelectorAll('table.sortable').forEach(table =>
  table.querySelectorAll('thead th').forEach((heading, column) =>
    heading.addEventListener('click', () => sortByColumn(table, heading, column))));
)";

}  // namespace gruve
