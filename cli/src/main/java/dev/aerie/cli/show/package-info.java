/// Pictures on a terminal: what it can show, and how a picture is written for it.
@NullMarked
package dev.aerie.cli.show;

import org.jspecify.annotations.NullMarked;
