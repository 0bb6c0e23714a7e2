/// The version that `--version` prints.
let millraceVersion = "0.1.0"
