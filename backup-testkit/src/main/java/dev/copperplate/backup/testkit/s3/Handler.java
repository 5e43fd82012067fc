package dev.copperplate.backup.testkit.s3;

/** Does what a request asks for; refuses by an {@link S3Error}. */
@FunctionalInterface
interface Handler {

  Response handle(Request request);
}
