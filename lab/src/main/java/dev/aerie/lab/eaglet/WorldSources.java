package dev.aerie.lab.eaglet;

import dev.aerie.lab.world.Split;
import dev.aerie.train.data.Examples;
import dev.aerie.train.data.ExamplesSource;

/// The drawn world as data that recipes name. A request's seed is the number of the run, see [Split#seed].
public final class WorldSources {

    private WorldSources() {}

    /// `world`: pictures with their captions and questions.
    public static final class Pictures implements ExamplesSource {

        @Override
        public String name() {
            return "world";
        }

        @Override
        public Examples open(Request request) {
            return rows(request, true);
        }
    }

    /// `world-captions`: captions where pictures would stand, and their questions.
    public static final class Captions implements ExamplesSource {

        @Override
        public String name() {
            return "world-captions";
        }

        @Override
        public Examples open(Request request) {
            var maker = request.maker();
            return new CaptionExamples(
                    split(request),
                    request.seed(),
                    request.size(),
                    maker.tokenizer(),
                    maker.template(),
                    maker.maxLength());
        }
    }

    /// `world-pages`: pages of text where pictures will stand, and their questions.
    public static final class Pages implements ExamplesSource {

        @Override
        public String name() {
            return "world-pages";
        }

        @Override
        public Examples open(Request request) {
            return new PageExamples(rows(request, true), true);
        }
    }

    /// `world-notes`: the same without the pages' empty places.
    public static final class Notes implements ExamplesSource {

        @Override
        public String name() {
            return "world-notes";
        }

        @Override
        public Examples open(Request request) {
            return new PageExamples(rows(request, true), false);
        }
    }

    /// `world-blind`: the questions alone.
    public static final class Blind implements ExamplesSource {

        @Override
        public String name() {
            return "world-blind";
        }

        @Override
        public Examples open(Request request) {
            return rows(request, false);
        }
    }

    private static WorldExamples rows(ExamplesSource.Request request, boolean seen) {
        return new WorldExamples(split(request), request.seed(), request.size(), request.maker(), seen);
    }

    private static Split split(ExamplesSource.Request request) {
        return switch (request.use()) {
            case TRAINING -> Split.TRAINING;
            case VALIDATION -> Split.VALIDATION;
        };
    }
}
