package dev.aerie.lab.eaglet;

import dev.aerie.lab.world.Setting;
import dev.aerie.lab.world.Split;
import dev.aerie.train.data.Examples;
import dev.aerie.train.data.ExamplesSource;

/// The drawn world as data that recipes name: the name of its [Setting], and after a hyphen what stands for a
/// picture. A request's seed is the number of the run, see [Split#seed].
public final class WorldSources {

    private WorldSources() {}

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
    private abstract static class Source implements ExamplesSource {

        private final Setting setting;
        private final Form form;

        Source(Setting setting, Form form) {
            this.setting = setting;
            this.form = form;
        }

        @Override
        public final String name() {
            return setting.name() + form.suffix;
        }

        @Override
        public final Examples open(Request request) {
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

    /// `world`
    public static final class Pictures extends Source {
        public Pictures() {
            super(Setting.FULL, Form.PICTURES);
        }
    }

    /// `world-found`
    public static final class Found extends Source {
        public Found() {
            super(Setting.FULL, Form.FOUND);
        }
    }

    /// `world-captions`
    public static final class Captions extends Source {
        public Captions() {
            super(Setting.FULL, Form.CAPTIONS);
        }
    }

    /// `world-pages`
    public static final class Pages extends Source {
        public Pages() {
            super(Setting.FULL, Form.PAGES);
        }
    }

    /// `world-notes`
    public static final class Notes extends Source {
        public Notes() {
            super(Setting.FULL, Form.NOTES);
        }
    }

    /// `world-blind`
    public static final class Blind extends Source {
        public Blind() {
            super(Setting.FULL, Form.BLIND);
        }
    }

    /// `easy-world`
    public static final class EasyPictures extends Source {
        public EasyPictures() {
            super(Setting.EASY, Form.PICTURES);
        }
    }

    /// `easy-world-found`
    public static final class EasyFound extends Source {
        public EasyFound() {
            super(Setting.EASY, Form.FOUND);
        }
    }

    /// `easy-world-captions`
    public static final class EasyCaptions extends Source {
        public EasyCaptions() {
            super(Setting.EASY, Form.CAPTIONS);
        }
    }

    /// `easy-world-pages`
    public static final class EasyPages extends Source {
        public EasyPages() {
            super(Setting.EASY, Form.PAGES);
        }
    }

    /// `easy-world-notes`
    public static final class EasyNotes extends Source {
        public EasyNotes() {
            super(Setting.EASY, Form.NOTES);
        }
    }

    /// `easy-world-blind`
    public static final class EasyBlind extends Source {
        public EasyBlind() {
            super(Setting.EASY, Form.BLIND);
        }
    }

    /// `linked-world-notes`
    public static final class LinkedNotes extends Source {
        public LinkedNotes() {
            super(Setting.LINKED, Form.NOTES);
        }
    }
}
