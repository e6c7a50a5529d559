package dev.aerie.lab.eaglet;

import dev.aerie.lab.world.Setting;
import dev.aerie.lab.world.Split;
import dev.aerie.train.data.Examples;
import dev.aerie.train.data.ExamplesSource;
import dev.aerie.train.data.ExamplesSources;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The drawn world as data that recipes name: the name of its [Setting], and after a hyphen what stands for a
/// picture, such as `easy-world-notes`. A request's seed is the number of the run, see [Split#seed].
public final class WorldSources implements ExamplesSources {

    /// Every setting in every form.
    @Override
    public List<ExamplesSource> all() {
        return Stream.of(Setting.FULL, Setting.EASY, Setting.LINKED)
                .flatMap(setting -> Arrays.stream(Form.values()).<ExamplesSource>map(form -> new Source(setting, form)))
                .toList();
    }

    /// What a row has in the place of its picture.
    private enum Form {
        /// `world`: the picture; its caption and questions follow.
        PICTURES(""),
        /// `world-found`: the picture, and in words what a detector and a reader find there: those that lie in the
        /// recipe's folder, see [Finders], or such as err in nothing. A `words.json` there has the wording.
        FOUND("-found"),
        /// `world-captions`: the caption, and the questions.
        CAPTIONS("-captions"),
        /// `world-pages`: a page of text, caption and questions.
        PAGES("-pages"),
        /// `world-notes`: the same without the pages' empty places.
        NOTES("-notes"),
        /// `world-blind`: nothing.
        BLIND("-blind");

        private final String suffix;

        Form(String suffix) {
            this.suffix = suffix;
        }
    }

    /// A form of a setting.
    private record Source(Setting setting, Form form) implements ExamplesSource {

        @Override
        public String name() {
            return setting.name() + form.suffix;
        }

        @Override
        public Examples open(Request request) {
            return switch (form) {
                case PICTURES -> rows(request, true);
                case FOUND -> FoundExamples.of(rows(request, true), request.folder());
                case CAPTIONS -> captions(request);
                case PAGES -> new PageExamples(rows(request, true), true);
                case NOTES -> new PageExamples(rows(request, true), false);
                case BLIND -> rows(request, false);
            };
        }

        private CaptionExamples captions(Request request) {
            var maker = request.maker();
            return new CaptionExamples(
                    setting,
                    split(request),
                    request.seed(),
                    request.size(),
                    maker.tokenizer(),
                    maker.template(),
                    maker.maxLength());
        }

        private WorldExamples rows(Request request, boolean seen) {
            return new WorldExamples(setting, split(request), request.seed(), request.size(), request.maker(), seen);
        }

        private static Split split(Request request) {
            return switch (request.use()) {
                case TRAINING -> Split.TRAINING;
                case VALIDATION -> Split.VALIDATION;
            };
        }
    }
}
