package io.millrace.schemas.serde;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificFixed;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Finds generated classes by a schema's name. Avro refuses every class that a JVM-wide property
 * does not list, because a name in a schema could make it load anything; here only what Avro
 * generated is accepted (a record, an enum, a fixed), and a class is not initialized before that is
 * known.
 */
final class RecordClasses extends SpecificData {

  RecordClasses(ClassLoader loader) {
    super(loader);
  }

  /** The thread's loader, which knows the application's classes, or else this class's own. */
  static ClassLoader callersLoader() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context == null ? RecordClasses.class.getClassLoader() : context;
  }

  /** Classes as seen from a generated one, with the conversions of its logical types. */
  static RecordClasses of(Class<? extends SpecificRecord> type) {
    RecordClasses classes = new RecordClasses(type.getClassLoader());
    SpecificData.getForClass(type).getConversions().forEach(classes::addLogicalTypeConversion);
    return classes;
  }

  @Override
  public @Nullable Class<?> getClass(Schema schema) {
    return switch (schema.getType()) {
      case RECORD, ENUM, FIXED -> generated(SpecificData.getClassName(schema));
      default -> super.getClass(schema);
    };
  }

  private @Nullable Class<?> generated(String name) {
    try {
      Class<?> type = Class.forName(name, false, getClassLoader());
      boolean generated =
          SpecificRecord.class.isAssignableFrom(type)
              || SpecificFixed.class.isAssignableFrom(type)
              || (type.isEnum() && GenericEnumSymbol.class.isAssignableFrom(type));
      return generated ? type : null;
    } catch (ClassNotFoundException e) {
      return null;
    }
  }
}
