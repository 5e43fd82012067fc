/**
 * A server in the test's own process that speaks the S3 protocol as AWS does, and refuses what AWS
 * refuses: {@link dev.copperplate.backup.testkit.s3.FakeS3} is the door.
 *
 * <p>It never answers success for something that it does not do. An operation, a parameter or a
 * header that it does not know and that would matter is refused with {@code 501 NotImplemented}.
 * What it does differently on purpose, because real stores do, a test switches on: {@link
 * dev.copperplate.backup.testkit.s3.Oddity} and {@link dev.copperplate.backup.testkit.s3.S3Fault}.
 */
@NullMarked
package dev.copperplate.backup.testkit.s3;

import org.jspecify.annotations.NullMarked;
