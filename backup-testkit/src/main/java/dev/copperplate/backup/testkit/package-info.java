/**
 * The suites that define the interfaces of Copperplate, to be run by whoever implements one, and
 * fakes to test against.
 *
 * <p>A plug-in's test extends the suite of its interface, such as {@link
 * dev.copperplate.backup.testkit.BackupTargetContract}, and supplies a factory. Where a store is
 * odd on purpose, override that one test and write the oddity in a comment.
 */
@NullMarked
package dev.copperplate.backup.testkit;

import org.jspecify.annotations.NullMarked;
