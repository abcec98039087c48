/// <reference types="vitest/config" />
import { defineConfig } from "vite";

export default defineConfig({
  build: {
    // The server reads the manifest to learn which hashed files a page loads.
    manifest: "manifest.json",
    rollupOptions: { input: "src/app/main.tsx" },
    target: "es2022",
    chunkSizeWarningLimit: 1200,
    // Inlined assets would be data: URLs, which the content security policy refuses.
    assetsInlineLimit: 0,
  },
  server: { proxy: { "/api": "http://127.0.0.1:4600" } },
  // The colours are tested from where they stand.
  test: { css: { include: /tokens\.css/ } },
});
