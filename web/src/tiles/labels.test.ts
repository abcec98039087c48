import { expect, test } from "vitest";
import type { Parameter } from "../api/schema";
import { filled } from "./labels";

const parameters: Parameter[] = [
  { name: "min_films", label: "Films", values: { min: 1, max: 30, default: 5 } },
  {
    name: "money",
    label: "Money",
    values: {
      options: [
        { value: "real", label: "real dollars" },
        { value: "nominal", label: "nominal dollars" },
      ],
    },
  },
];

test("a title names what is chosen, else the default", () => {
  expect(filled("Gross, {money}", parameters, "")).toBe("Gross, real dollars");
  expect(filled("Gross, {money}", parameters, "money=nominal")).toBe("Gross, nominal dollars");
  expect(filled("At least {min_films} of {other}", parameters, "min_films=9")).toBe("At least 9 of {other}");
});
