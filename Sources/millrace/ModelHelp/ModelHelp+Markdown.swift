import Learning

extension ModelHelp {
    /// `docs/models.md`.
    static var markdown: String {
        let types = ModelType.all.filter(\.isBuilt)
        var text = """
            # Models

            What stands behind `type:` of a model. This page is made from the program's own tables (`make docs`), and a test
            keeps it so; `millrace help models` and `millrace help NAME` show the same in a terminal.

            ## Which one?

            | your problem | take | because |
            | --- | --- | --- |

            """
        for choice in ModelChoice.all {
            text += row([choice.problem, choice.types.map(link).joined(separator: ", "), choice.why])
        }
        text += """

            In doubt run several at once: each predicts every event before it learns from it, so `millrace eval` and the metrics
            page compare them fairly, beside trivial baselines. The first model of the file is published.

            ## All models

            | type | for | what it is | cost of an event |
            | --- | --- | --- | --- |

            """
        for type in types {
            text += row([link(type), tasks(of: type), type.summary, type.documentation.cost])
        }
        for type in types { text += section(of: type) }
        text += commonKeys + optimizers + detectors
        return text
    }

    private static func section(of type: ModelType) -> String {
        "\n## \(type.name)\n\n\(type.summary) For: \(tasks(of: type)).\n\n" + facts(type.documentation)
            + (explains(type) ? "\nIt explains its predictions, where the file says `output: {explain: k}`.\n" : "")
            + parameters(type.parameters)
    }

    private static func facts(_ documentation: ModelDocumentation) -> String {
        """
        - When: \(documentation.use)
        - Cost of an event: \(documentation.cost)
        - State: \(documentation.stateSize)
        - Source: \(documentation.source)

        ```text
        \(documentation.formula)
        ```

        """
    }

    private static func parameters(_ rules: [ParameterRule]) -> String {
        guard !rules.isEmpty else { return "\nIt has no parameters of its own.\n" }
        var text = "\n| parameter | values | default | |\n| --- | --- | --- | --- |\n"
        for rule in rules {
            text += row([
                "`\(rule.key)`", rule.kind.valuesText, rule.defaultText.isEmpty ? "–" : "`\(rule.defaultText)`",
                rule.summary,
            ])
        }
        return text
    }

    private static var commonKeys: String {
        var text = """

            ## Keys of every model

            `update` says when a model learns, `on_drift` what happens when its errors change, `calibrate` whether its
            probabilities are mended. Without them a model learns every event at once.

            | key | value | |
            | --- | --- | --- |

            """
        for key in ModelType.commonKeys { text += row(["`\(key.key)`", "`\(key.values)`", key.summary]) }
        return text
    }

    private static var optimizers: String {
        var text = "\n## Optimisers\n\nFor models with `optimizer:`, which takes a name or a map with `type`.\n"
        for type in OptimizerType.all {
            text +=
                "\n### \(type.name)\n\n\(type.summary)\n\n- Source: \(type.source)\n\n```text\n\(type.formula)\n```\n"
            text += parameters(type.parameters)
        }
        return text
    }

    private static var detectors: String {
        var text = "\n## Drift detectors\n\nFor `on_drift:`, whose `detector` takes a name or a map with `type`.\n"
        for type in DetectorType.all {
            text +=
                "\n### \(type.name)\n\n\(type.summary)\n\n" + facts(type.documentation) + parameters(type.parameters)
        }
        return text
    }

    private static func link(_ type: ModelType) -> String { "[\(type.name)](#\(type.name))" }

    private static func row(_ cells: [String]) -> String {
        "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
    }
}
