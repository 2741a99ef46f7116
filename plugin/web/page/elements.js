// Small helpers for the page.

/** make("button", {class: "play", onclick: …}, "Play", child…) */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on"))
      element.addEventListener(name.slice(2), value);
    else if (value === true)
      element.setAttribute(name, "");
    else if (value !== false && value !== undefined)
      element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

let labelled = 0;
/** A control with a visible label. */
function withLabel(text, control) {
  control.id ||= `control-${++labelled}`;
  return make("span", {class: "labelled"}, make("label", { for: control.id
              }, text), " ", control);
}

/** Radio buttons: {value: label}; chosen(value). */
function radios(legend, values, chosen) {
  const group = `group-${++labelled}`, set = make("fieldset", {}, make("legend", {}, legend));
  for (const [value, label] of Object.entries(values)) {
    const input = make("input", {type: "radio", name: group, value, onchange: () => chosen(value)});
    set.append(make("label", {class: "choice"}, input, make("span", {}, label)));
  }
  set.choose = (value) => {
    for (const input of set.querySelectorAll("input")) input.checked = input.value === value;
  };
  set.relabel = (value, label) => {
    set.querySelector(`input[value="${value}"]`).nextElementSibling.textContent = label;
  };
  return set;
}

const grouped = (number) => String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, ",");

function download(blob, name) {
  const link = make("a", {href: URL.createObjectURL(blob), download: name});
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
