"""Runs the notebooks over a project, and holds what they print against what is kept in them.

    python run.py PROJECT            # fails where they differ
    python run.py PROJECT --update   # keeps the new output
"""

import os
import pathlib
import sys

import nbclient
import nbformat

FOLDER = pathlib.Path(__file__).parent


def shown(notebook):
    """What each cell of code shows, as text."""
    cells = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            parts = []
            for output in cell.outputs:
                assert output.output_type != "error", output.get("ename")
                data = output.get("data", {})
                parts.append(output.get("text") or data.get("text/plain", ""))
            cells.append("".join(parts))
    return cells


def tidied(notebook):
    """Without what differs from run to run."""
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
        cell.metadata = {}
        if cell.cell_type == "code":
            for output in cell.outputs:
                output.pop("execution_count", None)
                if output.output_type == "execute_result":
                    output["execution_count"] = cell.execution_count
                if "data" in output:
                    output["data"].pop("text/html", None)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return notebook


def main(project, update):
    os.environ["FILMSTAR_PROJECT"] = str(pathlib.Path(project).resolve())
    differing = []
    for path in sorted(FOLDER.glob("*.ipynb")):
        kept = nbformat.read(path, as_version=4)
        notebook = nbformat.read(path, as_version=4)
        nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
        if update:
            nbformat.write(tidied(notebook), path)
        elif shown(kept) != shown(notebook):
            for before, after in zip(shown(kept), shown(notebook)):
                if before != after:
                    print(f"{path.name} keeps\n{before}\nand prints\n{after}\n")
            differing.append(path.name)
        print(f"ran {path.name}")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main(sys.argv[1], "--update" in sys.argv[2:])
