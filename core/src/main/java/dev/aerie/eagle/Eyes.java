package dev.aerie.eagle;

import dev.aerie.AerieException;
import dev.aerie.fusion.Routes;
import dev.aerie.fusion.Seen;
import dev.aerie.image.Aspect;
import dev.aerie.image.Picture;
import dev.aerie.tensor.DType;
import dev.aerie.tensor.TensorScope;
import java.util.LinkedHashMap;
import java.util.Map;

/// From pictures to visual tokens, each picture computed once for all who look: its tokens are kept by its name.
/// Belongs to one session, or to one row of batches, and to one thread at a time.
final class Eyes implements AutoCloseable {

    private final EagleModel model;
    private final DType precision;
    private final Aspect aspect;
    private final Progress progress;

    /// Those looked at last come last.
    private final Map<String, Seen> kept = new LinkedHashMap<>(16, 0.75f, true);

    Eyes(EagleModel model, DType precision, Aspect aspect, Progress progress) {
        this.model = model;
        this.precision = precision;
        this.aspect = aspect;
        this.progress = progress;
    }

    /// Visual tokens `[1, tokens, hidden]` and what stands beside them, valid until [#close].
    ///
    /// @param routes which experts look at it
    Seen look(Picture picture, Routes routes) {
        return kept.computeIfAbsent(name(picture, routes), _ -> encode(picture, routes));
    }

    /// A name by size and contents, and by who looks: pictures with the same bytes in other rows look different.
    static String name(Picture picture, Routes routes) {
        var name = picture.width() + "x" + picture.height() + " " + picture.sha256();
        return routes.isAll() ? name : name + " " + routes.each().getFirst().experts();
    }

    private Seen encode(Picture picture, Routes routes) {
        var vision = model.vision()
                .orElseThrow(() -> new AerieException("cannot look at a picture: this checkpoint has no vision tower"
                        + " (mm_vision_tower in config.json)"));
        try (var _ = TensorScope.open()) {
            return vision.look(picture, routes, aspect, precision, progress).retain();
        }
    }

    /// Forgets all but the pictures last looked at.
    void forgetAllBut(int most) {
        var oldest = kept.values().iterator();
        for (int tooMany = kept.size() - most; tooMany > 0; tooMany--) {
            oldest.next().close();
            oldest.remove();
        }
    }

    @Override
    public void close() {
        kept.values().forEach(Seen::close);
        kept.clear();
    }
}
