// The stylesheet and the script of the report.
#pragma once

namespace gruve {

/// CSS of the page and of its plots. Its first rule holds the colours as variables, `--name:value;`, for light mode.
extern const char* const page_style;

/// JavaScript: a click on a heading of a table of class "sortable" sorts the table by that column.
extern const char* const sort_script;

}  // namespace gruve
