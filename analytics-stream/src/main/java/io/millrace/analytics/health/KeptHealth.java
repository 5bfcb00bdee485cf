package io.millrace.analytics.health;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.encoding.ByteArrayInput;
import com.datadoghq.sketch.ddsketch.encoding.GrowingByteArrayOutput;
import com.datadoghq.sketch.ddsketch.store.CollapsingLowestDenseStore;
import io.millrace.analytics.health.RecentFigures.Bucket;
import io.millrace.schemas.avro.HealthState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model's health as bytes in the store: a version, then the fields in order. */
final class KeptHealth {

  private static final int VERSION = 1;

  private KeptHealth() {}

  static byte[] write(ModelHealth health) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1_024);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeUTF(health.provider());
      out.writeUTF(health.model());
      write(health.fitness(), out);
      write(health.figures(), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Null where the bytes are of another version: then the model is judged anew. */
  static @Nullable ModelHealth read(byte[] bytes, long nowMillis) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readByte() != VERSION) {
        return null;
      }
      String provider = in.readUTF();
      String model = in.readUTF();
      Fitness fitness = fitness(in);
      return new ModelHealth(provider, model, figures(in), fitness, nowMillis);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Fitness fitness, DataOutputStream out) throws IOException {
    out.writeUTF(fitness.state().name());
    out.writeDouble(fitness.admitShare());
    out.writeLong(fitness.sinceMillis());
    out.writeLong(fitness.stepMillis());
    out.writeLong(fitness.stepSuccesses());
    out.writeLong(fitness.stepFaults());
    out.writeInt(fitness.failures());
    out.writeLong(fitness.failingSinceMillis());
    out.writeInt(fitness.relapses());
    out.writeLong(fitness.lookedAtMillis());
    out.writeUTF(fitness.reason());
  }

  private static Fitness fitness(DataInputStream in) throws IOException {
    return new Fitness(
        HealthState.valueOf(in.readUTF()),
        in.readDouble(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readInt(),
        in.readLong(),
        in.readInt(),
        in.readLong(),
        in.readUTF());
  }

  private static void write(RecentFigures figures, DataOutputStream out) throws IOException {
    out.writeLong(figures.lastP50Micros());
    out.writeLong(figures.lastP95Micros());
    out.writeByte(figures.recentMicros().size());
    for (long micros : figures.recentMicros()) {
      out.writeLong(micros);
    }
    out.writeByte(figures.buckets().size());
    for (Bucket bucket : figures.buckets()) {
      out.writeLong(bucket.startMillis);
      out.writeLong(bucket.successes);
      out.writeLong(bucket.faults);
      out.writeLong(bucket.throttled);
      out.writeLong(bucket.busyMicros);
      write(bucket.latencies, out);
    }
  }

  private static RecentFigures figures(DataInputStream in) throws IOException {
    long p50 = in.readLong();
    long p95 = in.readLong();
    List<Long> recent = new ArrayList<>();
    for (int left = in.readByte(); left > 0; left--) {
      recent.add(in.readLong());
    }
    List<Bucket> buckets = new ArrayList<>();
    for (int left = in.readByte(); left > 0; left--) {
      buckets.add(bucket(in));
    }
    RecentFigures figures = new RecentFigures();
    figures.restore(buckets, recent, p50, p95);
    return figures;
  }

  private static Bucket bucket(DataInputStream in) throws IOException {
    long start = in.readLong();
    long successes = in.readLong();
    long faults = in.readLong();
    long throttled = in.readLong();
    long busy = in.readLong();
    Bucket bucket = new Bucket(start, sketch(in));
    bucket.successes = successes;
    bucket.faults = faults;
    bucket.throttled = throttled;
    bucket.busyMicros = busy;
    return bucket;
  }

  private static void write(DDSketch sketch, DataOutputStream out) throws IOException {
    GrowingByteArrayOutput bytes = GrowingByteArrayOutput.withDefaultInitialCapacity();
    sketch.encode(bytes, false);
    byte[] encoded = bytes.trimmedCopy();
    out.writeInt(encoded.length);
    out.write(encoded);
  }

  private static DDSketch sketch(DataInputStream in) throws IOException {
    byte[] bytes = in.readNBytes(in.readInt());
    return DDSketch.decode(
        ByteArrayInput.wrap(bytes), () -> new CollapsingLowestDenseStore(RecentFigures.MAX_BINS));
  }
}
