// An app that has nothing to do with models.
console.log(`worked ${Object.keys(process.env).filter((name) => name.startsWith('OTEL_')).length}`);
