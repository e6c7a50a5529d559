package dev.aerie.lab.study;

import dev.aerie.lab.eaglet.Miniature;
import dev.aerie.lab.eaglet.Schooling;
import dev.aerie.lab.world.Setting;
import dev.aerie.train.recipe.Pace;
import dev.aerie.train.recipe.Recipe;
import dev.aerie.train.recipe.Stage;
import java.util.List;
import java.util.Optional;

/// What there is to do, without what it is made from.
sealed interface Task {

    /// For people.
    String title();

    /// All that decides on the result, beside the inputs.
    String settings();

    /// Of training.
    long steps();

    /// The vocabulary and the decoder's sizes.
    record Vocabulary(Miniature sizes) implements Task {

        @Override
        public String title() {
            return "vocabulary";
        }

        @Override
        public String settings() {
            return "vocabulary " + sizes;
        }

        @Override
        public long steps() {
            return 0;
        }
    }

    /// An expert's own task. The input is the vocabulary.
    record Expert(Miniature sizes, Setting setting, Schooling schooling, Stage.Precision precision) implements Task {

        @Override
        public String title() {
            return "expert " + schooling.kind().tower();
        }

        @Override
        public String settings() {
            return "expert " + sizes + " " + setting + " " + schooling + " " + precision;
        }

        @Override
        public long steps() {
            return schooling.steps();
        }
    }

    /// A stage of a recipe. The paths in its `from` are the keys of the inputs.
    ///
    /// @param tower the only expert, where each has a run of its own
    record Learning(Stage stage, Optional<String> tower) implements Task {

        @Override
        public String title() {
            return stage.name() + tower.map(name -> " " + name).orElse("");
        }

        @Override
        public String settings() {
            return new Recipe(tower.orElse("all"), "", "", List.of(stage)).yaml();
        }

        @Override
        public long steps() {
            return stage.pace().length() instanceof Pace.Length.Steps(var count) ? count : 0;
        }
    }

    /// Pages in the decoder's words, see [dev.aerie.lab.eaglet.PagingRun]. The input is the model.
    ///
    /// @param run    of the pictures
    /// @param frozen whether the experts stay as they are
    record Pages(Setting setting, long run, long steps, boolean frozen, Stage.Precision precision) implements Task {

        @Override
        public String title() {
            return frozen ? "paging, experts frozen" : "paging";
        }

        @Override
        public String settings() {
            return "pages " + setting + " " + run + " " + steps + " " + frozen + " " + precision;
        }
    }

    /// The answers to questions about pictures that nothing has learned from. The input is the model.
    record Score(Setting setting, int pictures, long run) implements Task {

        @Override
        public String title() {
            return "score";
        }

        @Override
        public String settings() {
            return "score " + setting + " " + pictures + " " + run;
        }

        @Override
        public long steps() {
            return 0;
        }
    }
}
