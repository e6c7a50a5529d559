package dev.aerie.lab.world;

import java.util.stream.IntStream;

/// What the segmenter learns: points on objects, and the mask of the object under each, at a quarter of the picture's
/// size.
///
/// @param instances which object each pixel belongs to
/// @param points `[POINTS]`: places in the map, `y * SIDE + x`, each on an object
@SuppressWarnings("ArrayRecordComponent") // made once per picture
public record MaskPrompts(InstanceMap instances, int[] points) {

    /// Columns and rows of the map.
    public static final int SIDE = 32;

    /// Points in a picture.
    public static final int POINTS = 16;

    /// The prompts of a picture: for each an object that is left at this size, then one of its pixels, by the seed.
    public static MaskPrompts of(Drawing drawing, long seed) {
        var map = drawing.instances().reduced(World.SIDE / SIDE);
        var pixels = new int[drawing.objects().size() + 1];
        for (var id : map.ids()) {
            pixels[id]++;
        }
        var present =
                IntStream.range(1, pixels.length).filter(id -> pixels[id] > 0).toArray();
        var dice = new SplitMix64(seed);
        var points = new int[POINTS];
        for (var i = 0; i < POINTS; i++) {
            var id = present[dice.below(present.length)];
            points[i] = pixel(map, id, dice.below(pixels[id]));
        }
        return new MaskPrompts(map, points);
    }

    /// The place of an object's pixel, counted from 0 in reading order.
    private static int pixel(InstanceMap map, int id, int number) {
        var left = number;
        for (var at = 0; at < map.ids().length; at++) {
            if (map.ids()[at] == id && left-- == 0) {
                return at;
            }
        }
        throw new IllegalArgumentException("object " + id + " has no pixel " + number);
    }

    /// Whether a pixel, `y * SIDE + x`, belongs to the object under the point of this number.
    public boolean isInside(int point, int pixel) {
        return instances.ids()[pixel] == instances.ids()[points[point]];
    }
}
