package dev.aerie.lab.world;

import dev.aerie.image.Picture;
import java.util.ArrayList;
import java.util.List;

/// Paints a picture and keeps the records of what it shows. Sizes and places are in pixels of the picture.
final class Painter {

    private static final int NOISE = 8;
    private static final double ARROW_HEAD = 6;
    private static final double ARROW_SPREAD = 0.5;

    private final int ground;
    private final Raster raster;
    private final List<DrawnObject> objects = new ArrayList<>();
    private final List<DrawnCharacter> characters = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();

    /// A picture with nothing in it yet, on a pale ground.
    Painter(SplitMix64 dice) {
        ground = Rgb.of(dice.between(225, 255), dice.between(225, 255), dice.between(225, 255));
        raster = new Raster(World.SIDE, World.SIDE, ground);
    }

    /// The colour, mixed with the ground.
    int tint(int rgb, double share) {
        return Rgb.mix(rgb, share, ground);
    }

    /// Paints an object: what `paint` puts on the raster belongs to it.
    void object(Category category, Colour colour, int rgb, Runnable paint) {
        raster.mark(objects.size() + 1);
        raster.ink(rgb);
        paint.run();
        objects.add(new DrawnObject(category, colour, raster.marked()));
        raster.mark(0);
    }

    Raster raster() {
        return raster;
    }

    /// Notes what is to be known at a point.
    void note(double x, double y, List<String> words) {
        notes.add(new Note(x, y, words));
    }

    /// Writes a text with its top left corner at the point, and notes its characters.
    ///
    /// @param about what each of them belongs to
    void text(String text, double x, double y, double advance, int rgb, List<String> about) {
        int before = characters.size();
        text(text, x, y, advance, rgb);
        for (var each : characters.subList(before, characters.size())) {
            note(each.x(), each.y(), List.of(Character.toString(each.character())));
            note(each.x(), each.y(), about);
        }
    }

    /// Writes a text with its top left corner at the point.
    void text(String text, double x, double y, double advance, int rgb) {
        raster.ink(rgb);
        StrokeFont.write(raster, text, x, y, advance);
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (CharacterGrid.isCharacter(c)) {
                characters.add(new DrawnCharacter(
                        c, x + (i + StrokeFont.WIDTH / 2) * advance, y + StrokeFont.height(advance) / 2));
            }
        }
    }

    /// Writes a text around the point, and notes its characters.
    void centred(String text, double x, double y, double advance, int rgb, List<String> about) {
        text(text, x - StrokeFont.width(text, advance) / 2, y - StrokeFont.height(advance) / 2, advance, rgb, about);
    }

    /// The edge of a rectangle, inside it.
    void frame(double x, double y, double width, double height, double thickness) {
        raster.rectangle(x, y, width, thickness);
        raster.rectangle(x, y + height - thickness, width, thickness);
        raster.rectangle(x, y, thickness, height);
        raster.rectangle(x + width - thickness, y, thickness, height);
    }

    /// An arrow to the second point.
    void arrow(double x0, double y0, double x1, double y1, double width, int rgb) {
        raster.ink(rgb);
        var length = Math.sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0));
        var ux = (x1 - x0) / length;
        var uy = (y1 - y0) / length;
        var bx = x1 - ARROW_HEAD * ux;
        var by = y1 - ARROW_HEAD * uy;
        raster.line(x0, y0, bx, by, width);
        var side = ARROW_SPREAD * ARROW_HEAD;
        raster.polygon(x1, y1, bx - side * uy, by + side * ux, bx + side * uy, by - side * ux);
    }

    Picture picture(SplitMix64 noise) {
        return raster.picture(noise, NOISE);
    }

    List<DrawnObject> objects() {
        return objects;
    }

    List<DrawnCharacter> characters() {
        return characters;
    }

    List<Note> notes() {
        return notes;
    }

    InstanceMap instances() {
        return new InstanceMap(World.SIDE, raster.marks());
    }
}
