package dev.aerie.evaluate.benchmark;

import dev.aerie.evaluate.score.Python;
import java.util.HashMap;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// TextVQA (Singh et al. 2019), validation: ten annotators a question, text in the picture to be read.
///
/// @param ocrTokens whether the prompt lists what a text recogniser found, as the reference does by default
public record TextVqa(boolean ocrTokens) implements Annotated {

    private static final Card CARD = card("textvqa", "TextVQA validation");
    private static final Card WITHOUT = card("textvqa-no-ocr", "TextVQA validation, no OCR tokens");

    private static Card card(String name, String title) {
        return Card.of(name, title, "Singh et al. 2019")
                .hub("lmms-lab/textvqa", "", "validation")
                .columns("question_id", "question", "answers")
                .optional("ocr_tokens", "image_id")
                .data(5_000, "1 GB", "CC BY 4.0")
                .official("TextVQA_0.5.1_val.json, TextVQA_Rosetta_OCR_v0.2_val.json, train_images/ (textvqa.org)")
                .caveats("it is not published whether the numbers are with OCR tokens in the prompt; the reference's"
                        + " default is with them (textvqa), textvqa-no-ocr is without");
    }

    @Override
    public Card card() {
        return ocrTokens ? CARD : WITHOUT;
    }

    @Override
    public String id(Fields record) {
        return record.text("question_id");
    }

    @Override
    public String prompt(Fields record) {
        return Python.capitalize(record.text("question")) + tokens(record) + Prompts.SHORT;
    }

    private String tokens(Fields record) {
        return ocrTokens ? "\nReference OCR token: " + String.join(", ", record.textsIfAny("ocr_tokens")) : "";
    }

    @Override
    public boolean official(OfficialFolder folder, Consumer<ObjectNode> records) {
        if (!folder.has("TextVQA_0.5.1_val.json")) {
            return false;
        }
        var tokens = new HashMap<String, JsonNode>();
        if (ocrTokens) {
            folder.each(
                    "TextVQA_Rosetta_OCR_v0.2_val.json",
                    "data",
                    record -> tokens.put(record.path("image_id").asString(""), record.path("ocr_tokens")));
        }
        folder.each("TextVQA_0.5.1_val.json", "data", record -> {
            var picture = record.path("image_id").asString("");
            Optional.ofNullable(tokens.get(picture)).ifPresent(found -> record.set("ocr_tokens", found));
            records.accept(record.put("image", "train_images/" + picture + ".jpg"));
        });
        return true;
    }
}
