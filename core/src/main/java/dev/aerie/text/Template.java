package dev.aerie.text;

import dev.aerie.AerieException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// How a conversation is written down for the model: the conversation templates of Eagle (and LLaVA,
/// where they come from), and `eaglet`, the miniature's. `user` and `assistant` are the names of the
/// roles; `userEnd` and `answerEnd` end what they say; `imageFrame` is how a picture is written, its
/// marker included.
public record Template(
        String name,
        Style style,
        String system,
        String user,
        String assistant,
        String userEnd,
        String answerEnd,
        String imageFrame) {

    /// The ways to put system, roles and ends together.
    public enum Style {
        /// `system end user: question end assistant: answer end`
        COLON,
        /// `system end user question end assistant answer end`, where the role strings bring their own marks.
        TAGGED,
        /// `[INST] <<SYS>> system <</SYS>> question [/INST] answer </s><s>[INST] …`
        INSTRUCT,
        /// `question answer end`, without roles.
        PLAIN
    }

    /// A stretch of a prompt; `learned` is what a model is trained to say.
    record Part(Span span, boolean learned) {}

    private static final String CURIOUS_USER =
            "A chat between a curious user and an artificial intelligence assistant. "
                    + "The assistant gives helpful, detailed, and polite answers to the user's questions.";
    private static final String CURIOUS_HUMAN = CURIOUS_USER.replace("user", "human");
    private static final String TAGGED_PICTURES =
            "A chat between a curious user and an artificial intelligence assistant. "
                    + "The assistant is able to understand the visual content that the user provides, "
                    + "and assist the user with a variety of tasks using natural language."
                    + "The visual content will be provided with the following format: <Image>visual content</Image>.";
    private static final String HONEST = """
            You are a helpful, respectful and honest assistant. Always answer as helpfully as possible, while being \
            safe.  Your answers should not include any harmful, unethical, racist, sexist, toxic, dangerous, or illegal \
            content. Please ensure that your responses are socially unbiased and positive in nature.

            If a question does not make any sense, or is not factually coherent, explain why instead of answering \
            something not correct. If you don't know the answer to a question, please don't share false information.""";
    private static final String SEES = "You are a helpful language and vision assistant. "
            + "You are able to understand the visual content that the user provides, "
            + "and assist the user with a variety of tasks using natural language.";
    private static final String LLM_BASED = "A conversation between a user and an LLM-based AI assistant. "
            + "The assistant gives helpful and honest answers.";

    /// What the answer follows in the template `eaglet`: a control token of the miniature's vocabulary.
    private static final String ANSWER = "<answer>";

    private static final Map<String, Template> ALL = all();

    private static Map<String, Template> all() {
        var all = new LinkedHashMap<String, Template>();
        for (var template : List.of(
                vicuna("vicuna_v1", CURIOUS_USER, ImageSlots.MARKER),
                vicuna("v1", CURIOUS_USER, ImageSlots.MARKER),
                llama3(),
                chatMl("yi_34b_chatml_direct", "Answer the questions."),
                plain("plain"),
                plain("v0_plain"),
                vicuna("llava_v1", CURIOUS_HUMAN, ImageSlots.MARKER),
                hashes("llava_v0", CURIOUS_HUMAN, ImageSlots.MARKER),
                vicuna("v1_mmtag", TAGGED_PICTURES, "<Image><image></Image>"),
                hashes("v0_mmtag", TAGGED_PICTURES, "<Image><image></Image>"),
                chatMl("chatml_direct", "Answer the questions."),
                chatMl("mistral_direct", "Answer the questions."),
                chatMl("mpt", LLM_BASED),
                instruct("llama_2", HONEST, "<s>"),
                instruct("llava_llama_2", SEES, "<s>"),
                instruct("mistral_instruct", "", ""),
                eaglet())) {
            all.put(template.name, template);
        }
        return all;
    }

    private static Template vicuna(String name, String system, String image) {
        return new Template(name, Style.COLON, system, "USER", "ASSISTANT", " ", "</s>", image);
    }

    private static Template hashes(String name, String system, String image) {
        return new Template(name, Style.COLON, system, "Human", "Assistant", "###", "###", image);
    }

    private static Template llama3() {
        var header = "<|start_header_id|>%s<|end_header_id|>\n\n";
        var system = "<|begin_of_text|>" + header.formatted("system") + CURIOUS_USER;
        var end = "<|eot_id|>";
        return new Template(
                "llama3",
                Style.TAGGED,
                system,
                header.formatted("user"),
                header.formatted("assistant"),
                end,
                end,
                ImageSlots.MARKER);
    }

    /// Ours, for the miniature: nothing but what is said and the two tokens that end it.
    private static Template eaglet() {
        return new Template("eaglet", Style.TAGGED, "", "", ANSWER, "", "</s>", ImageSlots.MARKER);
    }

    private static Template chatMl(String name, String system) {
        var end = "<|im_end|>";
        return new Template(
                name,
                Style.TAGGED,
                "<|im_start|>system\n" + system,
                "<|im_start|>user\n",
                "<|im_start|>assistant\n",
                end,
                end,
                ImageSlots.MARKER);
    }

    private static Template instruct(String name, String system, String between) {
        return new Template(name, Style.INSTRUCT, system, "[INST]", "[/INST]", between, "</s>", ImageSlots.MARKER);
    }

    private static Template plain(String name) {
        return new Template(name, Style.PLAIN, "", "", "", "\n", "\n", ImageSlots.MARKER);
    }

    /// The template with this name; an error lists those there are.
    public static Template named(String name) {
        var template = ALL.get(name);
        if (template == null) {
            throw new AerieException(
                    "cannot find the template \"" + name + "\": there are " + String.join(", ", names()));
        }
        return template;
    }

    public static List<String> names() {
        return List.copyOf(ALL.keySet());
    }

    /// The template that a vocabulary was made for: Llama-3's, Yi's, the miniature's, else Vicuna's.
    public static Template guess(Tokenizer tokenizer) {
        if (tokenizer.id("<|eot_id|>").isPresent()) {
            return named("llama3");
        }
        if (tokenizer.id(ANSWER).isPresent()) {
            return named("eaglet");
        }
        return named(tokenizer.id("<|im_end|>").isPresent() ? "yi_34b_chatml_direct" : "vicuna_v1");
    }

    /// The prompt of a conversation, as the reference writes it. An answer that is null or empty is still to come.
    public String prompt(List<Turn> turns) {
        return spans(turns).stream().map(Span::text).collect(Collectors.joining());
    }

    /// The same with who wrote what. A picture is a trusted span that is just `<image>`.
    public List<Span> spans(List<Turn> turns) {
        var messages = new ArrayList<List<Span>>();
        for (var turn : turns) {
            messages.add(turn.marked() ? marked(turn.question()) : question(turn));
            var answer = turn.answer();
            messages.add(answer == null || answer.isEmpty() ? List.of() : List.of(Span.literal(answer)));
        }
        return parts(messages).stream().map(Part::span).toList();
    }

    /// The text that ends an answer.
    public String stop() {
        return answerEnd;
    }

    /// The token that ends an answer, if the tokenizer has one.
    public OptionalInt stopToken(Tokenizer tokenizer) {
        return tokenizer.id(answerEnd);
    }

    private List<Span> question(Turn turn) {
        var spans = new ArrayList<Span>();
        for (var i = 0; i < turn.images(); i++) {
            spans.addAll(marked(imageFrame + "\n"));
        }
        if (!turn.question().isEmpty()) {
            spans.add(Span.literal(turn.question()));
        }
        return spans;
    }

    /// Trusted text with its markers as spans of their own.
    static List<Span> marked(String text) {
        var spans = new ArrayList<Span>();
        var pieces = text.split(ImageSlots.MARKER, -1);
        for (var i = 0; i < pieces.length; i++) {
            if (i > 0) {
                spans.add(Span.trusted(ImageSlots.MARKER));
            }
            if (!pieces[i].isEmpty()) {
                spans.add(Span.trusted(pieces[i]));
            }
        }
        return spans;
    }

    /// Writes down what user and assistant say in turn, the user first; an empty message is still to come.
    List<Part> parts(List<List<Span>> messages) {
        var out = new Writer();
        switch (style) {
            case COLON, TAGGED -> {
                var colon = style == Style.COLON ? ":" : "";
                var space = style == Style.COLON ? " " : "";
                out.text(system + userEnd);
                for (var i = 0; i < messages.size(); i++) {
                    var message = messages.get(i);
                    var answers = i % 2 == 1;
                    out.text((answers ? assistant : user) + colon);
                    if (!message.isEmpty()) {
                        out.say(space, message, answers ? answerEnd : userEnd, answers);
                    }
                }
            }
            case INSTRUCT -> {
                if (!messages.isEmpty() && messages.getFirst().isEmpty()) {
                    throw new AerieException("cannot write a conversation with the template " + name
                            + ": its first question is empty, and the system prompt has no place without it; ask one");
                }
                for (var i = 0; i < messages.size(); i++) {
                    var message = messages.get(i);
                    if (!message.isEmpty() && i % 2 == 1) {
                        out.say(" ", message, " " + answerEnd, true);
                    } else if (!message.isEmpty()) {
                        var frame = i > 0 || system.isEmpty() ? "" : "<<SYS>>\n" + system + "\n<</SYS>>\n\n";
                        out.say((i > 0 ? userEnd : "") + user + " " + frame, message, " " + assistant, false);
                    }
                }
            }
            case PLAIN -> {
                for (var i = 0; i < messages.size(); i += 2) {
                    var answer = i + 1 < messages.size() ? messages.get(i + 1) : List.<Span>of();
                    out.say("", messages.get(i), "", false);
                    out.say("", answer, answerEnd, true);
                }
            }
        }
        return out.parts;
    }

    private static final class Writer {

        private final List<Part> parts = new ArrayList<>();

        void text(String text) {
            add(Span.trusted(text), false);
        }

        void say(String before, List<Span> message, String after, boolean learned) {
            add(Span.trusted(before), learned);
            message.forEach(span -> add(span, learned));
            add(Span.trusted(after), learned);
        }

        private void add(Span span, boolean learned) {
            if (!span.text().isEmpty()) {
                parts.add(new Part(span, learned));
            }
        }
    }
}
