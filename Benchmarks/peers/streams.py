"""The committed example streams, repeated to a number of rows, in the format of each program."""
import csv
import gzip
import itertools
import pathlib

EXAMPLES = {"elec2": "electricity/elec2.csv.gz", "sea_drift": "sea/sea_drift.csv.gz"}


class Stream:
    """One stream; its files are written when first asked for, and kept in `folder` for the next run."""

    def __init__(self, name, examples, folder):
        self.name = name
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        with gzip.open(pathlib.Path(examples) / EXAMPLES[name], "rt", newline="") as file:
            self.header, *self.lines = file.read().splitlines()
        self.columns = self.header.split(",")
        self.features = [column for column in self.columns if column not in ("ts", "label")]

    @property
    def count(self):
        return len(self.lines)

    def csv(self, rows):
        return self._file(f"{self.name}-{rows}.csv", rows, self.header + "\n", self.lines)

    def vw(self, rows):
        def line(row):
            values = " ".join(f"{index}:{row[name]}" for index, name in enumerate(self.features))
            return f"{'1' if row['label'] == '1' else '-1'} | {values}"

        return self._file(f"{self.name}-{rows}.vw", rows, "", map(line, csv.DictReader([self.header, *self.lines])))

    def arff(self, rows):
        attributes = "".join(f"@attribute {name} numeric\n" for name in self.features)
        header = f"@relation {self.name}\n{attributes}@attribute label {{0,1}}\n@data\n"
        first = 1 if self.columns[0] == "ts" else 0
        return self._file(
            f"{self.name}-{rows}.arff", rows, header, (",".join(line.split(",")[first:]) for line in self.lines))

    def _file(self, name, rows, header, lines):
        path = self.folder / name
        if not path.exists():
            partial = path.with_suffix(".partial")
            with open(partial, "w") as file:
                file.write(header)
                whole = [line + "\n" for line in lines]
                file.writelines(itertools.islice(itertools.cycle(whole), rows))
            partial.rename(path)
        return path
