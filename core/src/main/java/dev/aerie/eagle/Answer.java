package dev.aerie.eagle;

import dev.aerie.language.Generation;
import java.util.List;

/// @param text      what the model said, without special tokens and outer spaces
/// @param ids       the generated tokens, the end token included where one came
/// @param logprobs  natural logarithm of each token's probability
/// @param promptIds the prompt, with −200 for a picture
/// @param cut       tokens of the prompt's end that were not read, see [LoadOptions#wholePrompt]
/// @param looked    the towers that looked at its pictures, where they were chosen; empty where all did
public record Answer(
        String text,
        int[] ids,
        float[] logprobs,
        int[] promptIds,
        Generation.End end,
        Timings timings,
        int cut,
        List<String> looked) {

    public Answer {
        looked = List.copyOf(looked);
    }

    /// Seconds spent on the pictures (0 where their features were kept), on the prompt and on the answer, and how many
    /// tokens the prompt had to run.
    public record Timings(double look, double prefill, double decode, int promptTokens) {}
}
