#!/usr/bin/env bash
# Builds the MongoDB-compatible server of the tests (mongo-java-server with its H2 backend, kept on disk) into .mongodb/.
# Needs a JDK of version 17 or later, and Maven.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
target="$here/../../.mongodb"
mkdir -p "$target/classes"
mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$target/lib"
javac -cp "$target/lib/*" -d "$target/classes" "$here/Server.java"
