// A list worked by keyboard: J and K go from item to item, other keys press what an item marks with data-key.
(function () {
  "use strict";
  function typing(target) {
    return target.closest("input, select, textarea") !== null;
  }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) { return; }
    var items = Array.from(document.querySelectorAll("[data-keys] [data-item]"));
    if (!items.length) { return; }
    var here = items.indexOf(document.activeElement.closest("[data-item]"));
    var key = event.key.toLowerCase();
    if (key === "j" || key === "k") {
      var next = key === "j" ? Math.min(here + 1, items.length - 1) : Math.max(here - 1, 0);
      items[next].focus();
      items[next].scrollIntoView({ block: "nearest" });
      event.preventDefault();
      return;
    }
    var wanted = here < 0 ? null : items[here].querySelector('[data-key="' + CSS.escape(key) + '"]');
    if (wanted === null) { return; }
    event.preventDefault();
    wanted.click();
    var fold = wanted.closest("details");
    var field = fold && fold.open ? fold.querySelector("select, input:not([type=hidden])") : null;
    if (field) { field.focus(); }
  });
  document.addEventListener("keydown", function (event) {
    // Escape leaves a field and goes back to its item, so that the keys work again.
    var item = event.key === "Escape" ? event.target.closest("[data-item]") : null;
    if (item) {
      item.querySelectorAll("details[open]").forEach(function (one) { one.open = false; });
      item.focus();
    }
  });
})();
