/**
 * The bytes of restic's repository format, version 2: what each kind of object says, written as
 * restic writes it and read as leniently as restic reads it. Version 1, which lacks compression,
 * can be read.
 *
 * <p>Nothing here does I/O or decides a policy: bytes come in, values go out, and the other way
 * round. Writing is canonical, to the byte: restic's {@code rewrite} decodes and encodes a tree and
 * gives up if the bytes differ. Everything that is read counts as hostile: what is wrong is a
 * {@link dev.copperplate.backup.repository.format.FormatException}, and no length is believed
 * before the bytes have come.
 *
 * @see <a href="https://restic.readthedocs.io/en/stable/100_references.html">restic design</a>
 */
@NullMarked
package dev.copperplate.backup.repository.format;

import org.jspecify.annotations.NullMarked;
