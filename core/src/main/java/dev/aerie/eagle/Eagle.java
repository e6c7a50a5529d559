package dev.aerie.eagle;

import dev.aerie.AerieException;
import dev.aerie.fusion.Fusions;
import dev.aerie.fusion.Routes;
import dev.aerie.image.Picture;
import dev.aerie.text.ImageSlots;
import dev.aerie.text.Template;
import dev.aerie.text.Tokenizer;
import dev.aerie.text.Turn;
import dev.aerie.tiling.Piece;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An Eagle checkpoint, ready to answer questions about pictures.
///
/// ```java
/// try (var eagle = Eagle.open(Path.of("Eagle-X5-7B"));
///         var session = eagle.session()) {
///     var picture = Pictures.read(Path.of("sign.jpg"));
///     var question = new Question("What is written on the sign?", List.of(picture));
///     session.ask(question, piece -> { show(piece); return true; });
/// }
/// ```
///
/// The model can be shared by threads; each conversation has a [Session] of its own.
public final class Eagle implements AutoCloseable {

    private final EagleConfig config;
    private final EagleModel model;
    private final TowerSources source;
    private final Tokenizer tokenizer;
    private final Template template;
    private final LoadOptions options;
    private final Optional<ExpertPool> pool;
    private final Router router;
    private final ComputeThread compute = new ComputeThread();

    private Eagle(
            EagleConfig config,
            EagleModel model,
            TowerSources source,
            Tokenizer tokenizer,
            LoadOptions options,
            Optional<ExpertPool> pool) {
        this.config = config;
        this.model = model;
        this.source = source;
        this.tokenizer = tokenizer;
        this.options = options;
        this.pool = pool;
        template = options.template().orElseGet(() -> Template.guess(tokenizer));
        router = new Router(this);
    }

    /// Opens a folder in Hugging Face layout with the default options: float32, as the reference computes.
    public static Eagle open(Path folder) {
        return open(folder, LoadOptions.DEFAULT);
    }

    /// Opens a folder in Hugging Face layout. Weights are mapped, not read.
    public static Eagle open(Path folder, LoadOptions options) {
        var config = EagleConfig.open(folder);
        var tokenizer = Tokenizer.open(folder);
        var source = TowerSources.open(folder, config, options.towers());
        try {
            var whole = EagleModel.of(source.root(), config, options.clipInput());
            var model = options.tiling()
                    .map(choice -> whole.tiled(choice, mark -> word(mark, tokenizer)))
                    .orElse(whole);
            return new Eagle(config, model, source, tokenizer, options, pool(folder, config));
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private static Optional<ExpertPool> pool(Path folder, EagleConfig config) {
        return config.mixture().fusion().method() == Fusions.MOVA ? ExpertPool.in(folder) : Optional.empty();
    }

    /// What separates the tiles of a picture in words.
    private static int word(Piece.Mark mark, Tokenizer tokenizer) {
        var sign = switch (mark) {
            case LINE, PART -> "\n";
            case NEXT -> ",";
        };
        var ids = tokenizer.encode("a" + sign); // alone it would have a space before it
        return ids[ids.length - 1];
    }

    public EagleConfig config() {
        return config;
    }

    public EagleModel model() {
        return model;
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    public Template template() {
        return template;
    }

    public LoadOptions options() {
        return options;
    }

    /// Tensors of the checkpoint that the model has no use for.
    public List<String> unexpected() {
        return source.unexpected();
    }

    /// A new conversation.
    public Session session() {
        return new Session(this);
    }

    /// Answers one question.
    public Answer ask(Question question, AnswerOptions how, AnswerListener listener) {
        try (var session = session()) {
            return session.ask(question, how, listener);
        }
    }

    /// Answers several questions in one batch, as each alone would be answered. Shorter prompts are padded on the left.
    public List<Answer> ask(List<Question> questions, AnswerOptions how) {
        if (questions.isEmpty()) {
            return List.of();
        }
        try (var batches = batches(0)) {
            return batches.ask(questions, how);
        }
    }

    /// For many batches about the same pictures.
    ///
    /// @param pictures whose features are kept from one batch to the next: those last looked at
    public Batches batches(int pictures) {
        return new Batches(this, pictures);
    }

    /// The ids of a conversation; of one with a marked question as the reference's, markers and control tokens parsed.
    int[] encode(List<Turn> turns) {
        return turns.stream().anyMatch(Turn::marked)
                ? ImageSlots.encode(tokenizer, template.prompt(turns))
                : ImageSlots.encode(tokenizer, template, turns);
    }

    /// The experts that the language model chooses from, where it does.
    public Optional<ExpertPool> pool() {
        return pool;
    }

    /// Which experts look at the pictures of a question; where the language model chooses, it is asked.
    public Routes routes(String question) {
        return compute.call(() -> router.of(question));
    }

    /// For the model's thread alone.
    Router router() {
        return router;
    }

    ComputeThread compute() {
        return compute;
    }

    Eyes eyes() {
        return new Eyes(model, options.precision(), config.aspect(), options.progress());
    }

    /// The tokens that end an answer: those the checkpoint names, and the template's.
    Set<Integer> endTokens(AnswerOptions how) {
        if (how.ignoreEnd()) {
            return Set.of();
        }
        var ends = new HashSet<>(config.endTokens());
        tokenizer.eos().ifPresent(ends::add);
        template.stopToken(tokenizer).ifPresent(ends::add);
        return ends;
    }

    /// How much of a prompt is read.
    int read(Prompt prompt) {
        return options.wholePrompt() ? prompt.length() : prompt.read(config.maxLength());
    }

    /// Refuses a prompt whose pictures take more tokens in tiles than are read, before they are looked at.
    void requireRoom(int[] ids, List<Picture> pictures) {
        var tiling = options.tiling().or(config::tiling);
        if (tiling.isPresent() && !pictures.isEmpty()) {
            int longest = config.language().maxPositions() - 1;
            int most = options.wholePrompt() ? longest : Math.min(config.maxLength(), longest);
            new TileBudget(tiling.get(), model.vision().orElseThrow(), longest, most).require(ids, pictures);
        }
    }

    /// Refuses a prompt that leaves no room for an answer, and says how many tokens one may have.
    int room(int promptTokens, AnswerOptions how) {
        int longest = config.language().maxPositions();
        if (promptTokens >= longest) {
            throw new AerieException(
                    "the prompt has " + promptTokens + " tokens (pictures included), but the model takes " + longest
                            + " with its answer; shorten the conversation or give fewer pictures");
        }
        return Math.min(how.maxTokens(), longest - promptTokens);
    }

    /// Frees everything; no answer may be under way.
    @Override
    public void close() {
        compute.close();
        source.close();
    }
}
