import { expect, test } from "vitest";
import type { Page } from "../api/schema";
import { filled } from "./labels";

const page: Pick<Page, "filters" | "parameters"> = {
  filters: ["years"],
  parameters: [
    { name: "min_films", label: "Films", values: { min: 1, max: 30, default: 5 } },
    {
      name: "share",
      label: "Share",
      values: {
        options: [
          { value: "full", label: "in full" },
          { value: "part", label: "by billing" },
        ],
      },
    },
  ],
};

test("a title names what is chosen, else the default", () => {
  expect(filled("Gross {share}", page, "", null)).toBe("Gross in full");
  expect(filled("Gross {share}", page, "share=part", null)).toBe("Gross by billing");
  expect(filled("At least {min_films} of {other}", page, "min_films=9", null)).toBe("At least 9 of {other}");
});

test("money is said with its base year", () => {
  const catalogue = { as_of: null, years: [1, 2], default_years: [1, 2], languages: [], genres: [], cpi_base_year: 2025 } as never;
  expect(filled("Gross, {money}", page, "", catalogue)).toBe("Gross, real 2025 dollars");
  expect(filled("Gross, {money}", page, "money=nominal", catalogue)).toBe("Gross, nominal dollars");
});
