import { expect, test } from "vitest";
import { pictureUrl } from "./picture";

test("a picture is a file of TMDB's host and of no other", () => {
  expect(pictureUrl("movie", "/aB3-_x.jpg")).toBe("https://image.tmdb.org/t/p/w342/aB3-_x.jpg");
  expect(pictureUrl("person", "/x.jpg")).toBe("https://image.tmdb.org/t/p/h632/x.jpg");
  for (const odd of [null, "", "x.jpg", "//evil.example/x.jpg", "/../x.jpg", "/x.jpg?y", "/x.html", "/@evil.example/x.jpg"]) {
    expect(pictureUrl("movie", odd)).toBeNull();
  }
});
