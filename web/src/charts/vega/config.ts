import type { Theme } from "../theme-colours";
import type { Spec } from "./spec";

const SANS = 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';

/** How every drawing looks: ink on paper, light rules, no frames. */
export function config(theme: Theme, isNarrow: boolean): Spec {
  return {
    background: "transparent",
    font: SANS,
    padding: { left: 0, right: 12, top: 4, bottom: 6 },
    aria: false,
    view: { stroke: null },
    text: { font: SANS, fontSize: 12 },
    range: { category: [theme.accent, theme.second, theme.good, theme.muted, theme.bad] },
    axis: {
      domain: false,
      grid: true,
      gridColor: theme.grid,
      gridWidth: 1,
      labelColor: theme.muted,
      labelFontSize: 12,
      labelPadding: 8,
      ticks: false,
      titleColor: theme.muted,
      titleFontSize: 12,
      titleFontWeight: "normal",
      titlePadding: 12,
    },
    axisX: { labelOverlap: "greedy", labelFlush: false, tickCount: isNarrow ? 4 : 8 },
    axisY: { titleAlign: "left", titleAnchor: "end", titleAngle: 0, titleX: 0, titleY: -12, tickCount: 5 },
    axisDiscrete: {
      grid: false,
      labelColor: theme.ink,
      labelFontSize: isNarrow ? 12 : 13,
      labelLimit: isNarrow ? 132 : 360,
    },
    axisXDiscrete: { labelAngle: 0, labelColor: theme.muted },
    legend: {
      orient: "top",
      direction: "horizontal",
      labelColor: theme.ink,
      labelFontSize: 12.5,
      columnPadding: 18,
      columns: isNarrow ? 2 : 4,
      offset: 30,
      symbolSize: 110,
      symbolStrokeWidth: 2,
      symbolOpacity: 1,
      titleColor: theme.muted,
      titleFontSize: 12,
      titleFontWeight: "normal",
      // A narrow drawing has no room to spare beside its labels.
      ...(isNarrow && { layout: { top: { anchor: "start", bounds: "full", direction: "vertical" } } }),
    },
  };
}
