/**
 * The suites that define the interfaces of Copperplate, to be run by whoever implements one, and
 * fakes to test against.
 *
 * <p>A plug-in's test extends the suite of its interface, such as {@link
 * dev.copperplate.backup.testkit.BackupTargetContract}, and supplies a factory. Where a store is
 * odd on purpose, override that one test and write the oddity in a comment.
 *
 * <p>{@link dev.copperplate.backup.testkit.HostileTarget} makes any target fail as real stores do;
 * {@link dev.copperplate.backup.testkit.filesystem.ModelFileSystem} loses what was not synced;
 * {@link dev.copperplate.backup.testkit.network.FaultProxy} is a network that fails; {@link
 * dev.copperplate.backup.testkit.s3.FakeS3} speaks S3; {@link
 * dev.copperplate.backup.testkit.TreeArbitraries} makes content for {@link
 * dev.copperplate.backup.testkit.TreeSource}. The README of the module names each class.
 */
@NullMarked
package dev.copperplate.backup.testkit;

import org.jspecify.annotations.NullMarked;
