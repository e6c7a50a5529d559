package dev.aerie.evaluate.benchmark;

import dev.aerie.evaluate.score.Draw;
import dev.aerie.evaluate.score.OptionInference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// MMBench (Liu et al. 2023), English dev: options, asked once for each rotation of them; a question counts if all are
/// right.
public final class MmBench implements Benchmark {

    private static final Card CARD = Card.of("mmbench", "MMBench dev, English", "Liu et al. 2023")
            .hub("lmms-lab/MMBench", "en", "dev")
            .columns("index", "question", "answer", "A", "B")
            .optional("hint", "C", "D", "category", "L2-category")
            .data(4_329, "0.2 GB", "Apache-2.0")
            .official("mmbench_dev_20230712.tsv (github.com/open-compass/MMBench)")
            .caveats(
                    "the published numbers ask GPT-3.5 about answers that rules do not decide; here such an answer counts as a"
                            + " draw, always the same for the same answer, or as wrong with --strict, unless a judge is named");

    @Override
    public Card card() {
        return CARD;
    }

    /// A question's rotations have its index and multiples of this.
    private static final int ROTATIONS = 1_000_000;

    private static final List<String> LETTERS = List.of("A", "B", "C", "D", "E");
    private static final String NONE = "nan";
    private static final Pattern LINES_AT_THE_END = Pattern.compile("\n+\\z");

    @Override
    public String id(Fields record) {
        return record.text("index");
    }

    @Override
    public String prompt(Fields record) {
        return hint(record) + record.text("question") + " There are several options:" + options(record) + "\n"
                + Prompts.LETTER;
    }

    private static String hint(Fields record) {
        return record.optional("hint")
                .filter(hint -> !hint.equals(NONE))
                .map(hint -> hint + " ")
                .orElse("");
    }

    private static String options(Fields record) {
        var text = new StringBuilder();
        for (var letter : LETTERS) {
            record.optional(letter)
                    .filter(option -> !option.isEmpty() && !option.equals(NONE))
                    .ifPresent(option ->
                            text.append("\n").append(letter).append(". ").append(option));
        }
        return LINES_AT_THE_END.matcher(text).replaceFirst("");
    }

    /// What an answer is compared with; the reference also with the word that stands for a missing option.
    private static SequencedMap<String, String> choices(Fields record, boolean strict) {
        var choices = new LinkedHashMap<String, String>();
        for (var letter : LETTERS.subList(0, 4)) {
            record.optional(letter)
                    .filter(option -> !strict || !option.equals(NONE))
                    .ifPresent(option -> choices.put(letter, option));
        }
        return choices;
    }

    @Override
    public Judgement judge(Fields record, String answer, Scoring how) {
        var choices = choices(record, how.strict());
        var inferred = OptionInference.infer(answer, choices);
        var note = "";
        if (inferred.isEmpty()) {
            inferred = how.judge()
                    .ask(question(record, choices, answer))
                    .flatMap(said -> OptionInference.infer(said, choices));
            note = inferred.isPresent() ? "by the judge" : how.strict() ? "no option found" : "no option found: drawn";
        }
        var parsed = inferred.orElseGet(() -> how.strict() ? "" : drawn(record, answer));
        return new Judgement(parsed, parsed.equals(record.text("answer")) ? 1 : 0, note);
    }

    private static String drawn(Fields record, String answer) {
        return Draw.letter(record.text("index") + answer, LETTERS.size());
    }

    private static String question(Fields record, SequencedMap<String, String> choices, String answer) {
        var text = new StringBuilder(
                "Which option does the answer mean? Reply with its letter alone, or with E if it means none.\n");
        text.append("Question: ").append(record.text("question")).append("\n");
        choices.forEach((letter, option) ->
                text.append(letter).append(". ").append(option).append("\n"));
        return text.append("Answer: ").append(answer).toString();
    }

    @Override
    public Optional<String> group(Fields record) {
        return Optional.of(Long.toString(index(record) % ROTATIONS));
    }

    private static long index(Fields record) {
        return record.integer("index");
    }

    @Override
    public List<Figure> figures(List<List<Scored>> groups, Scoring how) {
        int all = 0;
        int right = 0;
        var parts = new TreeMap<String, int[]>();
        for (var group : groups) {
            var question = group.stream().filter(MmBench::isQuestion).findFirst();
            if (question.isPresent()) {
                int hit = (int) worth(group);
                var part = parts.computeIfAbsent(question.get().category(), _ -> new int[2]);
                part[0] += hit;
                part[1]++;
                right += hit;
                all++;
            }
        }
        var figures = new ArrayList<Figure>();
        figures.add(new Figure("accuracy", 100.0 * right / Math.max(1, all)));
        parts.remove("");
        parts.forEach((name, part) -> figures.add(new Figure(name, 100.0 * part[0] / part[1])));
        return figures;
    }

    @Override
    public double worth(List<Scored> group) {
        return group.stream().allMatch(each -> each.score() == 1) ? 1 : 0;
    }

    @Override
    public boolean isWhole() {
        return true;
    }

    private static boolean isQuestion(Scored scored) {
        return Long.parseLong(scored.id()) < ROTATIONS;
    }

    @Override
    public String category(Fields record) {
        return record.textIfAny("L2-category");
    }

    @Override
    public boolean official(OfficialFolder folder, Consumer<ObjectNode> records) {
        if (!folder.has("mmbench_dev_20230712.tsv")) {
            return false;
        }
        var columns = new ArrayList<String>();
        folder.table("mmbench_dev_20230712.tsv", cells -> {
            if (columns.isEmpty()) {
                columns.addAll(cells);
                return;
            }
            var record = OfficialFolder.record();
            for (int i = 0; i < Math.min(cells.size(), columns.size()); i++) {
                if (columns.get(i).equals("image")) {
                    record.put("image", PictureText.PREFIX + cells.get(i));
                } else if (cells.get(i).isEmpty()) {
                    record.putNull(columns.get(i));
                } else {
                    record.put(columns.get(i), cells.get(i));
                }
            }
            var l2 = record.path("l2-category");
            if (!l2.isMissingNode()) {
                record.set("L2-category", l2);
            }
            records.accept(record);
        });
        return true;
    }
}
