package dev.aerie.evaluate.run;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;

/// What the answers and scores of a run rest on; kept with them, so that a run goes on as it began.
///
/// @param model    folder of the checkpoint, as named
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
/// @param judge    model that is asked about undecided answers; empty for none
public record Settings(
        String model,
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

    /// The same for another part of the work.
    Settings withPart(Part other) {
        return new Settings(
                model,
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
                other.toString(),
                pictures,
                strict,
                judge);
    }
}
