package dev.aerie.train.data;

import dev.aerie.text.ImageSlots;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The samples of a corpus, each made as its source wants it. Closing them closes the corpus.
public final class Dataset implements Examples {

    private final Corpus corpus;
    private final List<SampleMaker> makers;

    /// @param maker for sources that do not choose a template or rows of their own
    public Dataset(Corpus corpus, SampleMaker maker) {
        this.corpus = corpus;
        makers = corpus.sources().stream().map(maker::of).toList();
    }

    @Override
    public void close() {
        corpus.close();
    }

    @Override
    public long size() {
        return corpus.size();
    }

    @Override
    public int length(long index) {
        return corpus.length(index);
    }

    @Override
    public String id(long index) {
        return corpus.id(index);
    }

    @Override
    public Optional<String> question(long index) {
        return Conversation.spoken(corpus.get(index).conversation()).stream()
                .findFirst()
                .map(message -> message.value().replace(ImageSlots.MARKER, "").strip());
    }

    @Override
    public Map<String, Long> sources() {
        return corpus.sizes();
    }

    @Override
    public List<Map<String, String>> origins() {
        return corpus.sources().stream().map(Mixture.Source::origin).toList();
    }

    @Override
    public Sample get(long index) {
        var record = corpus.get(index);
        try {
            var sample = makers.get(corpus.sourceOf(index)).make(record, corpus.pictures(index));
            return record.id().isEmpty()
                    ? new Sample(
                            "#" + index, sample.ids(), sample.labels(), sample.turns(), sample.also(), sample.picture())
                    : sample;
        } catch (RecordException e) {
            throw e.of(record.id().isEmpty() ? "#" + index : record.id());
        }
    }
}
