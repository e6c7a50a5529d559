package dev.aerie.evaluate.run;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.ArrayList;
import java.util.List;

/// What the answers and scores of a run rest on; kept with them, so that a run goes on as it began.
///
/// @param model    folder of the checkpoint, as named
/// @param weights  what is in that folder, see [dev.aerie.evaluate.data.Digest#ofCheckpoint]; empty in runs of before
/// @param precision in which is computed
/// @param template of the prompts
/// @param clipInput side of CLIP's picture
/// @param tiling   how pictures are looked at in tiles; empty for as the checkpoint says
/// @param experts  which look at pictures, see [dev.aerie.eagle.Looking]
/// @param towers   where encoders lie that the checkpoint does not hold; empty for none named
/// @param wholePrompt whether long prompts are read to their end
/// @param batch    questions answered together
/// @param limit    records of each benchmark at most; 0 for all
/// @param maxTokens of an answer; 0 for the benchmark's own
/// @param part     of the work, `1/1` for all
/// @param pictures what is done to them
/// @param strict   scored without the reference's known faults
/// @param judge    model that is asked about undecided answers, and where; empty for none
public record Settings(
        String model,
        @JsonSetter(nulls = Nulls.AS_EMPTY) String weights,
        String precision,
        String template,
        int clipInput,
        @JsonSetter(nulls = Nulls.AS_EMPTY) String tiling,
        @JsonSetter(nulls = Nulls.AS_EMPTY) String experts,
        @JsonSetter(nulls = Nulls.AS_EMPTY) String towers,
        boolean wholePrompt,
        int batch,
        long limit,
        int maxTokens,
        String part,
        String pictures,
        boolean strict,
        String judge) {

    /// What makes scores others than the published ones: records or pictures that are not all there, as they are.
    public List<String> cuts() {
        var cuts = new ArrayList<String>();
        if (limit > 0) {
            cuts.add("of each the first " + limit + " records at most");
        }
        if (!part.equals(Part.ALL.toString())) {
            cuts.add("part " + part + " of the records");
        }
        if (!Disturbance.of(pictures).equals(Disturbance.NONE)) {
            cuts.add("pictures " + pictures);
        }
        return cuts;
    }

    /// Whether both are of one run, as far as runs of before tell.
    boolean agrees(Settings other) {
        return equals(other)
                || (weights.isEmpty() || other.weights.isEmpty()) && asBefore().equals(other.asBefore());
    }

    /// Without what was not written down once: the weights, and where the judge is.
    private Settings asBefore() {
        return with("", part, judge.replaceFirst(" at .*", ""));
    }

    /// The same for another part of the work.
    Settings withPart(Part other) {
        return with(weights, other.toString(), judge);
    }

    private Settings with(String otherWeights, String otherPart, String otherJudge) {
        return new Settings(
                model,
                otherWeights,
                precision,
                template,
                clipInput,
                tiling,
                experts,
                towers,
                wholePrompt,
                batch,
                limit,
                maxTokens,
                otherPart,
                pictures,
                strict,
                otherJudge);
    }
}
