package dev.aerie.train.data;

import dev.aerie.AerieException;
import dev.aerie.text.ImageSlots;
import dev.aerie.text.Message;
import dev.aerie.train.data.TarArchives.Place;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Records and their pictures in WebDataset's tar shards: neighbouring files whose names are equal up to the first dot
/// are one record. `.json` is a record in LLaVA's format, `.txt` a caption; a picture has one of the usual endings.
/// A picture's name is the number of its record.
public final class WebDataset implements Records, PictureStore {

    private static final Set<String> PICTURES =
            Set.of("jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "ppm");

    /// A larger text is no record.
    private static final int MOST_TEXT = 16 << 20;

    /// The files of one record.
    private record Group(Optional<Place> json, Optional<Place> caption, Optional<Place> picture) {}

    private final TarArchives archives;
    private final List<Group> groups;

    private WebDataset(TarArchives archives, List<Group> groups) {
        this.archives = archives;
        this.groups = groups;
    }

    /// Opens a shard, several (`*` or `?` in the name), or the first part of one that was split.
    public static WebDataset open(Path path) {
        var gathering = new Gathering();
        var archives = TarArchives.open(path, gathering);
        gathering.finish();
        if (gathering.groups.isEmpty()) {
            archives.close();
            throw new AerieException("cannot read records from " + path
                    + ": expected .json or .txt files in it, as WebDataset has them");
        }
        return new WebDataset(archives, List.copyOf(gathering.groups));
    }

    /// Puts the files that follow one another together.
    private static final class Gathering implements TarArchives.Visitor {

        private final List<Group> groups = new ArrayList<>();
        private String key = "";
        private @Nullable Place json;
        private @Nullable Place caption;
        private @Nullable Place picture;

        @Override
        public void file(String name, Place place) {
            var dot = name.indexOf('.', name.lastIndexOf('/') + 1);
            var stem = place.archive() + " " + (dot < 0 ? name : name.substring(0, dot));
            if (!stem.equals(key)) {
                finish();
                key = stem;
            }
            var ending = dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
            if (ending.equals("json")) {
                json = place;
            } else if (ending.equals("txt")) {
                caption = place;
            } else if (PICTURES.contains(ending)) {
                picture = place;
            }
        }

        void finish() {
            if (json != null || caption != null) {
                groups.add(new Group(
                        Optional.ofNullable(json), Optional.ofNullable(caption), Optional.ofNullable(picture)));
            }
            json = null;
            caption = null;
            picture = null;
        }
    }

    @Override
    public long size() {
        return groups.size();
    }

    @Override
    public Record get(long index) {
        var group = groups.get(Math.toIntExact(index));
        var where = " in record " + index + " of " + archives.name();
        var image = group.picture.map(_ -> Long.toString(index));
        if (group.json.isPresent()) {
            var record = RecordJson.parse(text(group.json.get(), where), where);
            return new Record(
                    record.id().isEmpty() ? "#" + index : record.id(), image.or(record::image), record.conversation());
        }
        var caption = decoded(text(group.caption.orElseThrow(), where), where);
        var messages = List.of(
                new Message(Conversation.HUMAN, ImageSlots.MARKER), new Message(Conversation.GPT, caption.strip()));
        return new Record("#" + index, image, messages);
    }

    private byte[] text(Place place, String where) {
        if (place.size() > MOST_TEXT) {
            throw new RecordException(
                    Flaw.UNREADABLE, "the text" + where + " has " + place.size() + " bytes, more than " + MOST_TEXT);
        }
        return archives.read(place);
    }

    private static String decoded(byte[] utf8, String where) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RecordException(Flaw.UNREADABLE, "the text" + where + " is not valid UTF-8", e);
        }
    }

    @Override
    public byte[] read(String name) {
        var index = name.matches("\\d{1,9}") ? Integer.parseInt(name) : Integer.MAX_VALUE;
        var picture = index < groups.size() ? groups.get(index).picture : Optional.<Place>empty();
        var place = picture.orElseThrow(() ->
                new RecordException(Flaw.PICTURE_MISSING, "there is no picture " + name + " in " + archives.name()));
        if (place.size() > MOST_BYTES) {
            throw PictureStore.tooLarge(name, place.size());
        }
        return archives.read(place);
    }

    @Override
    public void close() {
        archives.close();
    }
}
