package dev.aerie.lab.world;

/// What the text expert learns: for every cell of [#CELL] pixels the character whose middle lies in it.
///
/// @param classes `[SIDE, SIDE]`, row by row: 0 for none, 1 to 10 for the digits, 11 to 36 for the letters
@SuppressWarnings("ArrayRecordComponent") // made once per picture
public record CharacterGrid(int[] classes) {

    /// Columns and rows of a cell, in pixels.
    public static final int CELL = 8;

    /// Columns and rows of the grid.
    public static final int SIDE = World.SIDE / CELL;

    /// The number of classes, "none" included.
    public static final int CLASSES = 37;

    private static final String CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// The targets of a picture. Characters stand at least a cell apart; should two share one, the first has it.
    public static CharacterGrid of(Drawing drawing) {
        var classes = new int[SIDE * SIDE];
        for (var character : drawing.characters()) {
            var cell = (int) (character.y() / CELL) * SIDE + (int) (character.x() / CELL);
            if (classes[cell] == 0) {
                classes[cell] = classOf(character.character());
            }
        }
        return new CharacterGrid(classes);
    }

    /// The class of a digit or a lower-case letter, 0 for anything else.
    public static int classOf(char character) {
        return CHARACTERS.indexOf(character) + 1;
    }

    /// The character of a class from 1 on.
    public static char character(int classNumber) {
        return CHARACTERS.charAt(classNumber - 1);
    }

    static boolean isCharacter(char character) {
        return classOf(character) > 0;
    }
}
