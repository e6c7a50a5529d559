package dev.aerie.lab.world;

import java.util.List;

/// The words that captions, questions and answers are made of; everything else is spelled. The letter a is no word of
/// it, since it is also the name of a bar or a node.
final class Lexicon {

    /// In the order of their tokens.
    static final List<String> WORDS = List.of("""
            red orange yellow green teal blue purple pink
            circle circles square squares triangle triangles star stars cross crosses diamond diamonds ring rings
            shape shapes rectangle box boxes sign line lines bar bars point points slice slices field fields node nodes
            arrows picture
            large small top bottom left right middle above below first second third fourth last
            name date price total item id room phone city code
            width height value area highest lowest largest higher larger wider wide high than plus times
            what which where how many is are does do it there you see show say says read describe the an that of at to
            colour size comes after before yes no
            """.strip().split("\\s+"));

    private Lexicon() {}
}
