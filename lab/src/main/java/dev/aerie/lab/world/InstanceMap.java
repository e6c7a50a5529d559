package dev.aerie.lab.world;

import java.util.Arrays;

/// Which object each pixel belongs to.
///
/// @param side columns and rows
/// @param ids `[side, side]`, row by row: the number of the object in [Drawing#objects] from 1 on, 0 for none; not
/// copied
@SuppressWarnings("ArrayRecordComponent") // made once per picture; a copy would cost more than it protects
public record InstanceMap(int side, byte[] ids) {

    /// The object's number at a pixel, 0 for none.
    public int at(int x, int y) {
        return ids[y * side + x];
    }

    /// The map with `1 / factor` of the columns and rows, from the pixel nearest to the middle of each square.
    public InstanceMap reduced(int factor) {
        var less = side / factor;
        var reduced = new byte[less * less];
        for (var y = 0; y < less; y++) {
            for (var x = 0; x < less; x++) {
                reduced[y * less + x] = (byte) at(x * factor + factor / 2, y * factor + factor / 2);
            }
        }
        return new InstanceMap(less, reduced);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InstanceMap(var otherSide, var otherIds)
                && otherSide == side
                && Arrays.equals(otherIds, ids);
    }

    @Override
    public int hashCode() {
        return 31 * side + Arrays.hashCode(ids);
    }
}
