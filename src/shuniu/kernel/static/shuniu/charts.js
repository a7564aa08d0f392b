// Draws each .chart from the JSON beside it; its table stays, folded, for whoever reads rather than looks.
"use strict";

const COLOURS = ["#1a4f8b", "#5b9bb5", "#8a6d3b", "#6b7a90", "#3d7a5c", "#a8b4c4", "#7a5c8e", "#c39b4a"];
const INK = "#1b2430";
const SOFT = "#55606d";

function drawn(options) {
  const font = getComputedStyle(document.body).fontFamily;
  const size = Math.round(parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.8125);
  const axis = (found) => found && (Array.isArray(found) ? found : [found]).map((one) => ({
    ...one,
    axisLabel: { color: SOFT, fontSize: size, ...one.axisLabel },
    axisLine: { lineStyle: { color: "#c3cad2" }, ...one.axisLine },
    splitLine: { lineStyle: { color: "#e8ebef" }, ...one.splitLine },
  }));
  return {
    color: COLOURS,
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    grid: { left: 8, right: 16, top: options.legend ? 40 : 16, bottom: 8, containLabel: true },
    aria: { enabled: true },
    ...options,
    textStyle: { fontFamily: font, fontSize: size, color: INK, ...options.textStyle },
    // rich text, because an HTML tooltip needs style attributes and the policy of this site forbids them
    tooltip: { trigger: options.xAxis ? "axis" : "item", ...options.tooltip, renderMode: "richText" },
    legend: options.legend && { top: 0, left: 0, textStyle: { color: SOFT, fontSize: size }, ...options.legend },
    xAxis: axis(options.xAxis),
    yAxis: axis(options.yAxis),
  };
}

for (const place of document.querySelectorAll("[data-chart]")) {
  const options = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  place.hidden = false;
  const chart = echarts.init(place);
  chart.setOption(drawn(options));
  new ResizeObserver(() => chart.resize()).observe(place);
  const table = place.parentElement.querySelector(".chart-table");
  table.open = false;
  addEventListener("beforeprint", () => { table.open = true; });
}
