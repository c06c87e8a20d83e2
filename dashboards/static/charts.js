// Draws what a page names: an element with data-chart holds {"kind", "x", "series": [{"name", "data"}]} in data-values.
// The same numbers stand in a table beside it; nothing is fetched.
(function () {
  "use strict";
  function colours() {
    var style = getComputedStyle(document.documentElement);
    return { ink: style.getPropertyValue("--ink").trim(), line: style.getPropertyValue("--line").trim() };
  }
  function option(values) {
    var tone = colours();
    var text = { color: tone.ink };
    var flat = values.kind === "bars";
    var names = { type: "category", data: values.x, axisLabel: text, axisLine: { lineStyle: { color: tone.line } } };
    var numbers = { type: "value", axisLabel: text, splitLine: { lineStyle: { color: tone.line } }, minInterval: values.whole ? 1 : 0 };
    return {
      animation: false,
      textStyle: text,
      legend: { show: values.series.length > 1, textStyle: text, top: 0 },
      grid: { left: 8, right: 16, top: values.series.length > 1 ? 32 : 12, bottom: 8, containLabel: true },
      // Text on the canvas: a tooltip of HTML would bring styles of its own, which the page forbids.
      tooltip: { trigger: "axis", renderMode: "richText" },
      xAxis: flat ? numbers : names,
      yAxis: flat ? Object.assign({ inverse: true }, names) : numbers,
      series: values.series.map(function (one) {
        return {
          name: one.name, data: one.data, type: values.kind === "line" ? "line" : "bar", stack: values.stack ? "all" : undefined,
          itemStyle: { color: getComputedStyle(document.documentElement).getPropertyValue(one.tone || "--act").trim() },
          markPoint: one.marks ? { data: one.marks.map(function (at) { return { name: "突增", coord: [at, one.data[at]], value: "突增" }; }) } : undefined
        };
      })
    };
  }
  function draw() {
    document.querySelectorAll("[data-chart]").forEach(function (place) {
      if (place.dataset.drawn) { return; }
      place.dataset.drawn = "yes";
      var chart = window.echarts.init(place, null, { renderer: "canvas" });
      chart.setOption(option(JSON.parse(place.dataset.values)));
      window.addEventListener("resize", function () { chart.resize(); });
    });
  }
  document.addEventListener("DOMContentLoaded", draw);
  document.addEventListener("htmx:afterSwap", draw);
})();
