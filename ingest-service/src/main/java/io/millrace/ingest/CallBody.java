package io.millrace.ingest;

import io.javalin.http.Context;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the body of an HTTP call: JSON, and no more than the bound. */
final class CallBody {

  private CallBody() {}

  static byte[] read(Context call, int maxBytes) throws RefusedException, IOException {
    checkType(call.contentType());
    if (call.req().getContentLengthLong() > maxBytes) {
      throw Admission.tooLarge(call.req().getContentLengthLong() + " bytes", maxBytes);
    }
    byte[] body = call.req().getInputStream().readNBytes(maxBytes + 1);
    if (body.length > maxBytes) {
      throw Admission.tooLarge("more bytes than that", maxBytes);
    }
    return body;
  }

  private static void checkType(@Nullable String type) throws RefusedException {
    if (type != null && !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      throw new RefusedException(
          HttpErrors.invalid(
              415, "the content type is " + Quoted.of(type) + "; it must be application/json"));
    }
  }
}
