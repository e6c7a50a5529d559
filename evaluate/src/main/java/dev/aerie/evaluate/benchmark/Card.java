package dev.aerie.evaluate.benchmark;

import java.util.List;

/// What is to be known of a benchmark before it is run.
///
/// @param name      on the command line
/// @param title     as published
/// @param paper     who made it
/// @param hub       the data set on the Hugging Face hub, in the form read here; empty if it is not there
/// @param config    its part, a folder in the repository; empty if there is but one
/// @param split     what its files begin with
/// @param columns   that every record must have, pictures aside
/// @param optional  further columns that are read where they are
/// @param pictures  columns with pictures
/// @param questions published records of the split
/// @param size      of the download, about
/// @param licence   of the data
/// @param official  the files of the authors' own form
/// @param maxTokens of an answer
/// @param caveats   where scores may differ from published ones, and why
public record Card(
        String name,
        String title,
        String paper,
        String hub,
        String config,
        String split,
        List<String> columns,
        List<String> optional,
        List<String> pictures,
        int questions,
        String size,
        String licence,
        String official,
        int maxTokens,
        List<String> caveats) {

    public Card {
        columns = List.copyOf(columns);
        optional = List.copyOf(optional);
        pictures = List.copyOf(pictures);
        caveats = List.copyOf(caveats);
    }

    /// What a folder with the data has in it.
    public String expected() {
        return hub.isEmpty() ? official : "Parquet files " + split + "-*.parquet of " + hub + ", or " + official;
    }

    /// Begins a card.
    static Builder of(String name, String title, String paper) {
        return new Builder(name, title, paper);
    }

    /// Fills a card in.
    static final class Builder {

        /// What the reference generates at most where a benchmark does not say.
        private static final int MOST_TOKENS = 1024;

        private final String name;
        private final String title;
        private final String paper;
        private String hub = "";
        private String config = "";
        private String split = "";
        private List<String> columns = List.of();
        private List<String> optional = List.of();
        private List<String> pictures = List.of("image");
        private int questions;
        private String size = "";
        private String licence = "";
        private String official = "";
        private int maxTokens = MOST_TOKENS;
        private List<String> caveats = List.of();

        private Builder(String name, String title, String paper) {
            this.name = name;
            this.title = title;
            this.paper = paper;
        }

        Builder hub(String hub, String config, String split) {
            this.hub = hub;
            this.config = config;
            this.split = split;
            return this;
        }

        Builder columns(String... columns) {
            this.columns = List.of(columns);
            return this;
        }

        Builder optional(String... columns) {
            this.optional = List.of(columns);
            return this;
        }

        Builder pictures(String... columns) {
            this.pictures = List.of(columns);
            return this;
        }

        Builder data(int questions, String size, String licence) {
            this.questions = questions;
            this.size = size;
            this.licence = licence;
            return this;
        }

        Builder official(String official) {
            this.official = official;
            return this;
        }

        Builder maxTokens(int maxTokens) {
            this.maxTokens = maxTokens;
            return this;
        }

        Card caveats(String... caveats) {
            this.caveats = List.of(caveats);
            return new Card(
                    name,
                    title,
                    paper,
                    hub,
                    config,
                    split,
                    columns,
                    optional,
                    pictures,
                    questions,
                    size,
                    licence,
                    official,
                    maxTokens,
                    this.caveats);
        }
    }
}
